package widget

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
)

// Colour is one that a screen shows (sRGB).
type Colour struct{ R, G, B uint8 }

// The ends of every scale.
var (
	Black = Colour{}
	White = Colour{255, 255, 255}
)

var colourPattern = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// ColourOf reads what people write: # and six digits. Nothing else is a colour,
// so that one can stand in a style sheet.
func ColourOf(text string) (Colour, bool) {
	if !colourPattern.MatchString(text) {
		return Colour{}, false
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	return Colour{uint8(n >> 16), uint8(n >> 8), uint8(n)}, err == nil //nolint:gosec // each is a byte of it
}

func (c Colour) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// Contrast is how well one colour is told from another, 1 to 21: WCAG 2.2,
// definition of contrast ratio.
func (c Colour) Contrast(other Colour) float64 {
	a, b := c.luminance(), other.luminance()
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

// luminance is WCAG 2.2, definition of relative luminance.
func (c Colour) luminance() float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func linear(channel uint8) float64 {
	c := float64(channel) / 255
	if c <= 0.04045 {
		return c / 12.92
	}
	return math.Pow((c+0.055)/1.055, 2.4)
}

// lit is the same hue and saturation with another lightness, 0 (black) to 1 (white):
// CSS Color 4, section 7.1, HSL to sRGB.
func (c Colour) lit(lightness float64) Colour {
	hue, saturation, _ := c.hsl()
	a := saturation * min(lightness, 1-lightness)
	channel := func(n float64) uint8 {
		k := math.Mod(n+hue/30, 12)
		return uint8(math.Round(255 * (lightness - a*max(-1, min(k-3, 9-k, 1)))))
	}
	return Colour{channel(0), channel(8), channel(4)}
}

// hsl is CSS Color 4, section 7.2, sRGB to HSL; the hue is in degrees.
func (c Colour) hsl() (hue, saturation, lightness float64) {
	r, g, b := float64(c.R)/255, float64(c.G)/255, float64(c.B)/255
	top, bottom := max(r, g, b), min(r, g, b)
	lightness = (top + bottom) / 2
	if top == bottom {
		return 0, 0, lightness // a grey
	}
	d := top - bottom
	saturation = (top - lightness) / min(lightness, 1-lightness)
	switch top {
	case r:
		hue = math.Mod((g-b)/d+6, 6)
	case g:
		hue = (b-r)/d + 2
	default:
		hue = (r-g)/d + 4
	}
	return hue * 60, saturation, lightness
}

// towards mixes a share, 0 to 1, of another colour in.
func (c Colour) towards(other Colour, share float64) Colour {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*share)) }
	return Colour{mix(c.R, other.R), mix(c.G, other.G), mix(c.B, other.B)}
}
