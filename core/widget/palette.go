package widget

// What WCAG 2.2 AA wants: text is told from what is behind it by 4.5 (1.4.3), and
// the edge of what can be pressed from what is around it by 3 (1.4.11).
const (
	ForText = 4.5
	ForEdge = 3.0
)

// Scheme is light or dark: the colours of the pages that no theme changes.
type Scheme struct {
	// Grounds are what is behind everything: the sheet, what is raised on it, and
	// what is around it.
	Paper, Raised, Ground Colour
	// Ink and Faint are those of text.
	Ink, Faint Colour
	// pole is the lightness to which a colour goes that is told too badly from the paper.
	pole float64
	// least is the contrast below which a button cannot be seen on the paper: eyes
	// tell colours apart among pale ones, and hardly any among dark ones.
	least float64
	// tint is the share of an accent in what it is laid under.
	tint float64
}

// The two schemes, as adapters/widget/assets/widget.css has them.
var (
	Light = Scheme{
		Paper: White, Raised: Colour{0xf5, 0xf8, 0xf7}, Ground: Colour{0xee, 0xf2, 0xf1},
		Ink: Colour{0x14, 0x21, 0x1e}, Faint: Colour{0x4d, 0x5f, 0x5a}, pole: 0, least: 1.15, tint: 0.12,
	}
	Dark = Scheme{
		Paper: Colour{0x14, 0x1d, 0x1b}, Raised: Colour{0x1b, 0x26, 0x23}, Ground: Colour{0x0b, 0x12, 0x10},
		Ink: Colour{0xe9, 0xf0, 0xee}, Faint: Colour{0xa5, 0xb6, 0xb1}, pole: 1, least: 1.6, tint: 0.16,
	}
)

// Palette is what becomes of a client's colour in a scheme.
type Palette struct {
	// Accent is text, lines and the focus; Soft lies under text.
	Accent, Soft Colour
	// Fill is the button that is to be pressed first, Hover the same under a
	// pointer, OnFill the text on both, Edge what is around it.
	Fill, Hover, OnFill, Edge Colour
}

// shades are the steps in which a colour is moved.
const shades = 50

// Palette of a client's colour. The colour itself is that of the button: black or
// white can be read on every colour. Where it is text or a line, and where a button
// would not be seen, it is moved away from the paper, its hue kept.
func (s Scheme) Palette(brand Colour) Palette {
	p := Palette{Accent: brand, OnFill: White}
	_, _, from := brand.hsl()
	for step := 0.0; step <= shades; step++ {
		if step > 0 {
			p.Accent = brand.lit(from + (s.pole-from)*step/shades)
		}
		p.Soft = s.Paper.towards(p.Accent, s.tint)
		if p.legible(s) {
			break
		}
	}
	p.Fill, p.Edge = brand, brand
	if brand.Contrast(s.Paper) < s.least {
		p.Fill = p.Accent
	}
	if brand.Contrast(s.Paper) < ForEdge {
		p.Edge = p.Accent
	}
	away := Black // from the text on it
	if White.Contrast(p.Fill) < ForText {
		p.OnFill, away = Black, White
	}
	p.Hover = p.Fill.towards(away, 0.15)
	return p
}

// legible reports whether the accent is told from all that it is on, and text from it.
func (p Palette) legible(s Scheme) bool {
	for _, behind := range []Colour{s.Paper, s.Raised, s.Ground, p.Soft} {
		if p.Accent.Contrast(behind) < ForText {
			return false
		}
	}
	return s.Ink.Contrast(p.Soft) >= ForText && s.Faint.Contrast(p.Soft) >= ForText
}
