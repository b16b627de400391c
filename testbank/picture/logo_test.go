package picture_test

import (
	"bytes"
	"encoding/base64"
	"flag"
	"image/color"
	"image/png"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/picture"
)

var update = flag.Bool("update", false, "write the bank's logo where it is committed")

// signs are the files that hold the bank's logo, and its ground in each. The ways to
// reach the bank are banks of their own to whoever chooses one.
var signs = map[string]color.NRGBA{
	"../../plugins/testbank/logo.png":                     {R: 0x2f, G: 0x4b, B: 0xb5, A: 0xff},
	"../../plugins/scraper/recipes/testbank-modern.yaml":  {R: 0x7a, G: 0x2e, B: 0x8e, A: 0xff},
	"../../plugins/scraper/recipes/testbank-classic.yaml": {R: 0x8a, G: 0x4b, B: 0x12, A: 0xff},
	"../../cmd/tributary/sandbox/logo.png":                {R: 0x0b, G: 0x66, B: 0x6e, A: 0xff},
	"../../cmd/tributary/sandbox/logo-app.png":            {R: 0x1d, G: 0x6b, B: 0x37, A: 0xff},
	"../../cmd/tributary/sandbox/logo-password.png":       {R: 0xa8, G: 0x32, B: 0x4a, A: 0xff},
}

var inText = regexp.MustCompile(`logo: "data:image/png;base64,([^"]*)"`)

// TestLogos: what is committed is what is drawn here.
func TestLogos_are_those_that_are_drawn(t *testing.T) {
	for name, ground := range signs {
		drawn := picture.Logo(ground)
		require.Less(t, len(drawn), 1500, "it stands in texts")
		kept, err := os.ReadFile(name)
		if *update {
			if strings.HasSuffix(name, ".yaml") {
				require.NoError(t, err)
				drawn = inText.ReplaceAll(kept, []byte(`logo: "data:image/png;base64,`+base64.StdEncoding.EncodeToString(drawn)+`"`))
			}
			require.NoError(t, os.WriteFile(name, drawn, 0o600))
			continue
		}
		require.NoError(t, err)
		if strings.HasSuffix(name, ".yaml") {
			found := inText.FindSubmatch(kept)
			require.NotNil(t, found, name)
			kept, err = base64.StdEncoding.DecodeString(string(found[1]))
			require.NoError(t, err, name)
		}
		require.Equal(t, pixels(t, drawn), pixels(t, kept), "%s is not what is drawn: run with -update", name)
	}
}

// pixels are what of a file does not hang on who packed it.
func pixels(t *testing.T, file []byte) []color.Color {
	t.Helper()
	p, err := png.Decode(bytes.NewReader(file))
	require.NoError(t, err)
	var all []color.Color
	for y := range p.Bounds().Dy() {
		for x := range p.Bounds().Dx() {
			all = append(all, color.NRGBAModel.Convert(p.At(x, y)))
		}
	}
	return all
}
