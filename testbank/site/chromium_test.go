package site_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/picture"
)

// patience is how long a whole look may take.
const patience = 4 * time.Minute

// chromium starts a browser that ends with the test, and gives a page of it.
func chromium(t *testing.T) *rod.Page {
	t.Helper()
	program, found := launcher.LookPath()
	require.True(t, found, "Chromium is missing: make deps")
	l := launcher.New().Bin(program).Leakless(false).NoSandbox(true).Set("disable-gpu").Set("accept-lang", "fr")
	at, err := l.Launch()
	require.NoError(t, err)
	browser := rod.New().ControlURL(at)
	require.NoError(t, browser.Connect())
	t.Cleanup(func() {
		_ = browser.Close()
		l.Kill()
		l.Cleanup()
	})
	page, err := browser.Page(proto.TargetCreateTarget{})
	require.NoError(t, err)
	require.NoError(t, page.SetUserAgent(&proto.NetworkSetUserAgentOverride{UserAgent: "Mozilla/5.0 (test)", AcceptLanguage: "fr"}))
	return page.Timeout(patience)
}

// TestChromium_modern refuses cookies, presses the keypad by its pictures, and loads more rows until there are none.
func TestChromium_modern(t *testing.T) {
	t.Parallel()
	w := open(t, testbank.DefaultConfig())
	page, p := chromium(t), w.persona("gaspard")
	require.NoError(t, rod.Try(func() {
		page.MustNavigate(w.url + "/web/").MustWaitLoad()
		page.MustElementR("button", "Tout refuser").MustClick()
		page.MustElement("#login").MustInput(p.Login)
		page.MustElementR("button", "Suivant").MustClick()
		page.MustElement("[data-pad]")
		keys := keysOf(t, page)
		for _, digit := range p.Password {
			keys[sha256.Sum256(picture.Digits(string(digit)))].MustClick()
		}
		page.MustElementR("button", "Se connecter").MustClick()
		page.MustElementR("h1", "Mes comptes")
		page.MustElementR("a", "Compte courant").MustClick()
		page.MustElementR("h2", "Opérations")
		for more := true; more; {
			count := len(page.MustElements("li"))
			page.MustElement("[data-more]").MustClick()
			page.MustWait(`before => document.querySelectorAll("li").length > before`, count)
			more = page.MustHas("[data-more]")
		}
	}))
	want := shown(w.truth(t, p.Login)[0].Transactions)
	labels := page.MustElements("li.operation [data-f=label]")
	amounts := page.MustElements("li.operation [data-f=amount_text]")
	require.Len(t, labels, len(want))
	texts, err := page.Eval(`() => [...document.querySelectorAll("li.operation")].map(li => ["label", "amount_text", "booked", "id"].map(f => li.querySelector("[data-f=" + f + "]").textContent))`)
	require.NoError(t, err)
	require.Len(t, amounts, len(want))
	for i, item := range texts.Value.Arr() {
		f := item.Arr()
		require.Equal(t, []string{want[i].Label, want[i].Amount, want[i].BookingDate, want[i].ID}, []string{f[0].Str(), amount(f[1].Str()), iso(f[2].Str()), f[3].Str()})
	}
	fits(t, w, page, "/web/modern/accounts", "/web/modern/cards", "/web/modern/accounts/"+w.truth(t, p.Login)[0].ID)
}

// fits says that no page is wider than a phone or a screen, before and after the release.
func fits(t *testing.T, w *world, page *rod.Page, paths ...string) {
	t.Helper()
	for _, markup := range []string{"1", "2"} {
		w.admin(t, http.MethodPost, "site", `{"markup": `+markup+`}`, nil)
		for _, width := range []int{390, 1280} {
			require.NoError(t, page.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: width, Height: 800, DeviceScaleFactor: 1, Mobile: width < 500}))
			for _, path := range paths {
				require.NoError(t, rod.Try(func() { page.MustNavigate(w.url + path).MustWaitLoad() }))
				wide := page.MustEval(`() => document.documentElement.scrollWidth`).Int()
				require.LessOrEqual(t, wide, width, "%s in markup %s", path, markup)
			}
		}
	}
}

// keysOf gives the keys of the keypad by the pictures on them.
func keysOf(t *testing.T, page *rod.Page) map[[32]byte]*rod.Element {
	t.Helper()
	keys := map[[32]byte]*rod.Element{}
	for _, key := range page.MustElements("[data-place]") {
		text, err := base64.StdEncoding.DecodeString(key.MustElement("img").MustEval(`async function () {
			const bytes = new Uint8Array(await (await fetch(this.src)).arrayBuffer());
			return btoa(String.fromCharCode(...bytes));
		}`).Str())
		require.NoError(t, err)
		keys[sha256.Sum256(text)] = key
	}
	require.Len(t, keys, 10)
	return keys
}

// TestChromium_classic goes through frames, to the second page of rows and into the window of one of them.
func TestChromium_classic(t *testing.T) {
	t.Parallel()
	w := open(t, testbank.DefaultConfig())
	page, p := chromium(t), w.persona("camille")
	rows := w.truth(t, p.Login)[0].Transactions
	require.NoError(t, rod.Try(func() {
		page.MustNavigate(w.url + "/web/classic/").MustWaitLoad()
		centre := func() *rod.Page { return page.MustElement("frame[name=centre]").MustFrame() }
		waits := func(text string) *rod.Page {
			for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
				if body, err := centre().Timeout(time.Second).Element("body"); err == nil {
					if shown, err := body.Text(); err == nil && strings.Contains(shown, text) {
						return centre()
					}
				}
			}
			panic(text + " is not on the page")
		}
		waits("IDENTIFICATION").MustElement("[name=ident]").MustInput(p.Login)
		centre().MustElement("[type=submit]").MustClick()
		waits("CODE D'ACCÈS").MustElement("[name=code]").MustInput(p.Password)
		centre().MustElement("[type=submit]").MustClick()
		waits("SITUATION DE VOS COMPTES").MustElementR("a", "Compte courant").MustClick()
		waits("MOUVEMENTS").MustElementR("a", `^2$`).MustClick()
		waits("1 2 3").MustElementR("td", rows[50].Label)
		opened := page.MustWaitOpen()
		centre().MustElementR("a", `\[\+\]`).MustClick()
		window := opened()
		window.Timeout(patience).MustElementR("td", rows[50].ID)
		page.MustElement("frame[name=menu]").MustFrame().MustElementR("a", "QUITTER").MustClick()
		waits("AU REVOIR")
	}))
}
