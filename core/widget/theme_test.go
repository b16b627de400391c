package widget_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/widget"
)

func colour(t *testing.T, text string) widget.Colour {
	t.Helper()
	c, good := widget.ColourOf(text)
	require.True(t, good, text)
	require.Equal(t, text, c.String())
	return c
}

// TestContrast: figures that others publish.
func TestContrast_is_that_of_WCAG(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"#000000", "#ffffff", 21}, {"#ffffff", "#ffffff", 1}, {"#767676", "#ffffff", 4.54}, {"#777777", "#ffffff", 4.48}, {"#ff0000", "#ffffff", 4.0}, {"#0000ff", "#ffffff", 8.59}} {
		require.InDelta(t, c.want, colour(t, c.a).Contrast(colour(t, c.b)), 0.005, c.a)
		require.InDelta(t, c.want, colour(t, c.b).Contrast(colour(t, c.a)), 0.005, c.a)
	}
}

// TestPalette: whatever colour a client has, everything on the pages can be read,
// in both schemes.
func TestPalette_can_be_read(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		brand := widget.Colour{R: rapid.Byte().Draw(t, "r"), G: rapid.Byte().Draw(t, "g"), B: rapid.Byte().Draw(t, "b")}
		readable(t, brand)
	})
	steps := []uint8{0, 1, 51, 102, 118, 119, 153, 204, 254, 255}
	for _, r := range steps {
		for _, g := range steps {
			for _, b := range steps {
				readable(t, widget.Colour{R: r, G: g, B: b})
			}
		}
	}
}

func readable(t require.TestingT, brand widget.Colour) {
	for name, s := range map[string]widget.Scheme{"light": widget.Light, "dark": widget.Dark} {
		p := s.Palette(brand)
		for _, pair := range [][2]widget.Colour{
			{p.Accent, s.Paper}, {p.Accent, s.Raised}, {p.Accent, s.Ground}, {p.Accent, p.Soft}, {s.Ink, p.Soft}, {s.Faint, p.Soft},
			{p.OnFill, p.Fill}, {p.OnFill, p.Hover},
		} {
			require.GreaterOrEqual(t, pair[0].Contrast(pair[1]), widget.ForText, "%s in %s: %s on %s", brand, name, pair[0], pair[1])
		}
		require.GreaterOrEqual(t, p.Edge.Contrast(s.Paper), widget.ForEdge, "%s in %s", brand, name)
		if brand.Contrast(s.Paper) >= 1.6 {
			require.Equal(t, brand, p.Fill, "the button is the client's own colour")
		}
		require.GreaterOrEqual(t, p.Fill.Contrast(s.Paper), 1.15, "and can be seen")
		if brand.Contrast(s.Ground) >= 7 && brand.Contrast(s.Paper) >= 7 && brand.Contrast(s.Raised) >= 7 && brand.Contrast(s.Paper) < 12 {
			require.Equal(t, brand, p.Accent, "nothing is moved that can be read")
		}
	}
}

// TestPalette: what is moved keeps its hue.
func TestPalette_of_colours_that_people_have(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ brand, light, dark, button string }{
		{"#ffcc00", "#806600", "#ffcc00", "#ffcc00"}, // pale: gold as text, itself as a button
		{"#14213d", "#14213d", "#7e99d5", "#7e99d5"}, // dark: blue in the night, not grey
		{"#ffffff", "#6b6b6b", "#ffffff", "#ffffff"},
		{"#000000", "#000000", "#999999", "#999999"},
	} {
		brand := colour(t, c.brand)
		light, dark := widget.Light.Palette(brand), widget.Dark.Palette(brand)
		require.Equal(t, [3]string{c.light, c.dark, c.button}, [3]string{light.Accent.String(), dark.Accent.String(), dark.Fill.String()}, c.brand)
	}
}

func TestTheme_is_refused_by_name(t *testing.T) {
	t.Parallel()
	good := widget.Theme{
		Name: "default", DisplayName: "Budget", Accent: "#FFCC00", AccentDark: "#ffcc00", Font: widget.SerifFont, Corners: widget.SquareCorners,
		Logo: &picture.Picture{PNG: []byte("x"), Width: 90, Height: 30}, TermsHeader: "Terms", TermsBody: "Be\ngood.",
	}
	require.NoError(t, good.Check())
	require.NoError(t, widget.Theme{Name: "a"}.Check(), "nothing of its own")
	require.True(t, good.Wordmark())
	for where, spoil := range map[string]func(*widget.Theme){
		"name":         func(t *widget.Theme) { t.Name = "Über/../" },
		"display_name": func(t *widget.Theme) { t.DisplayName = "a\nb" },
		"accent":       func(t *widget.Theme) { t.Accent = "red;}body{display:none" },
		"accent_dark":  func(t *widget.Theme) { t.AccentDark = "#fff" },
		"font":         func(t *widget.Theme) { t.Font = "Comic Sans" },
		"corners":      func(t *widget.Theme) { t.Corners = "9px" },
		"logo":         func(t *widget.Theme) { t.Logo = &picture.Picture{Width: 513, Height: 1} },
		"terms_header": func(t *widget.Theme) { t.TermsHeader = "a\x00" },
		"terms_body":   func(t *widget.Theme) { t.TermsBody = "" },
	} {
		bad := good
		spoil(&bad)
		err := bad.Check()
		require.ErrorIs(t, err, widget.ErrTheme, where)
		failed, _ := errors.AsType[*fault.Error](err)
		require.Len(t, failed.Details, 1, where)
		require.Equal(t, where, failed.Details[0].Location)
	}
	bare := good
	bare.Accent = ""
	require.ErrorIs(t, bare.Check(), widget.ErrTheme)
	_, _, own := bare.Palettes()
	require.False(t, own)
	bare = good
	bare.AccentDark = ""
	light, dark, own := bare.Palettes()
	require.True(t, own)
	require.Equal(t, light.Fill, dark.Fill)
}
