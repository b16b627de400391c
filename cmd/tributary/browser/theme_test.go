package browser

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/go-rod/rod"
	"github.com/stretchr/testify/require"
)

// wears registers a look of the client's.
func (s *sandbox) wears(t *testing.T, name string, args ...string) {
	t.Helper()
	out, err := exec.Command(filepath.Join(programs, "tributary"), append([]string{"client", "theme", s.id, "--data", s.data, "--name", name}, args...)...).CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// sunny is a pale colour that nothing can be read in, night one that is dark. A logo
// of a disc stands beside the name, one of a bar says it.
func (s *sandbox) brands(t *testing.T) {
	t.Helper()
	s.wears(t, "sunny", "--display-name", "Sunny", "--accent", "#ffd23f", "--font", "rounded", "--logo", logo(t, 96, 96, color.NRGBA{R: 0xd0, G: 0x7a, A: 0xff}))
	s.wears(t, "night", "--accent", "#14213d", "--font", "serif", "--corners", "square", "--logo", logo(t, 320, 64, color.NRGBA{R: 0x14, G: 0x21, B: 0x3d, A: 0xff}))
	s.wears(t, "slight", "--accent", "#c2185b", "--accent-dark", "#ff80ab", "--font", "geometric", "--corners", "slight")
}

// logo writes a picture of a disc or, where it is wide, of a row of them.
func logo(t *testing.T, width, height int, ink color.NRGBA) string {
	t.Helper()
	p, radius := image.NewNRGBA(image.Rect(0, 0, width, height)), height/2
	for x := range width {
		for y := range height {
			dx, dy := x%height-radius, y-radius
			if d := dx*dx + dy*dy; d < radius*radius && d > radius*radius/(3+x/height) {
				p.SetNRGBA(x, y, ink)
			}
		}
	}
	file, err := os.Create(filepath.Join(t.TempDir(), "logo.png"))
	require.NoError(t, err)
	require.NoError(t, png.Encode(file, p))
	require.NoError(t, file.Close())
	return file.Name()
}

// testThemes: a client's pages have its name, colour and logo, which come from us.
func testThemes(t *testing.T, s *sandbox, browser *rod.Browser) {
	s.brands(t)
	s.followsThePage(t)
	wanted := form()
	wanted["theme"] = "night"
	p := visitor(t, browser, s, "en")
	p.goes(s.order(t, wanted).Links.AddConnection)
	p.sees("image", "Budget app")
	p.at("Choose your bank")
	p.painted()
	wanted["theme"] = "sunny"
	other := visitor(t, browser, s, "en")
	other.goes(s.order(t, wanted).Links.AddConnection)
	other.choosesTheBank()
	other.at("accounts with Sunny")
	other.painted()
	seen := func(what string) string {
		return other.page.MustEval(`(what) => getComputedStyle([...document.querySelectorAll("button")].find((b) => b.innerText.startsWith("I agree")))[what]`, what).Str()
	}
	require.Equal(t, "rgb(255, 210, 63)", seen("backgroundColor"))
	require.Equal(t, "rgb(0, 0, 0)", seen("color"))
	require.Contains(t, seen("fontFamily"), "ui-rounded")
	wanted["theme"] = "pro"
	third := visitor(t, browser, s, "en")
	third.goes(s.order(t, wanted).Links.AddConnection)
	third.at("Choose your bank")
	third.shows("Budget Pro")
	third.painted()
	plain := visitor(t, browser, s, "en")
	plain.goes(s.order(t, form()).Links.AddConnection)
	plain.at("Choose your bank")
	require.Zero(t, plain.page.MustEval(`() => document.querySelectorAll(".logo").length`).Int(), "others have none of it")
}

// followsThePage does what the documentation says, word for word.
func (s *sandbox) followsThePage(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile("../../../docs/how-to/theme-the-widget.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```sh\n(.*?)```").FindSubmatch(text)
	shown := regexp.MustCompile("(?s)```text\ncli_…(.*?)```").FindSubmatch(text)
	command := exec.Command("bash", "-euc", string(block[1]))
	command.Dir = filepath.Dir(logo(t, 96, 96, color.NRGBA{G: 0x60, A: 0xff}))
	command.Env = []string{"PATH=" + programs + ":" + os.Getenv("PATH"), "CLIENT=" + s.id, "TRIBUTARY_DATA=" + s.data}
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	bytes := regexp.MustCompile(`pixels, \d+ bytes`) // as the compiler's library packs them
	require.Equal(t, s.id+bytes.ReplaceAllString(string(shown[1]), ""), bytes.ReplaceAllString(string(out), ""))
}

// painted: every picture of the page arrives.
func (p *person) painted() {
	p.t.Helper()
	require.True(p.t, p.page.Timeout(patience).MustEval(`async () => {
		for (const i of document.images) { i.loading = "eager"; if (!i.complete) await new Promise((done) => i.onload = i.onerror = done); }
		return document.images.length > 0 && [...document.images].every((i) => i.naturalWidth > 0 && i.getBoundingClientRect().height > 20);
	}`).Bool())
}
