package widget

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/picture"
)

// Theme is a client's own look, by a name. What is empty is as in ours.
type Theme struct {
	ClientID ident.Client
	Name     string
	// DisplayName is what the pages call the client.
	DisplayName string
	// Accent is a colour such as #0b6354, AccentDark another for the dark scheme.
	Accent, AccentDark string
	Font               Font
	Corners            Corners
	// Logo was drawn anew.
	Logo *picture.Picture
	// TermsHeader and TermsBody are for orders that have none.
	TermsHeader, TermsBody string
}

// DefaultTheme is the name of the theme of visits whose order names none.
const DefaultTheme = "default"

// ThemeName is the name of the theme that an order has, where it is registered.
func (o Order) ThemeName() string { return cmp.Or(o.Theme, DefaultTheme) }

// Font is one of the families that devices have: no page loads any.
type Font string

// Fonts.
const (
	SystemFont    Font = "system"
	HumanistFont  Font = "humanist"
	GeometricFont Font = "geometric"
	RoundedFont   Font = "rounded"
	SerifFont     Font = "serif"
)

// Fonts lists them.
func Fonts() []Font { return []Font{SystemFont, HumanistFont, GeometricFont, RoundedFont, SerifFont} }

// Corners say how round things are.
type Corners string

// Corners.
const (
	RoundCorners  Corners = "round"
	SlightCorners Corners = "slight"
	SquareCorners Corners = "square"
)

// AllCorners lists them.
func AllCorners() []Corners { return []Corners{RoundCorners, SlightCorners, SquareCorners} }

// MostLogo is how large a logo may be.
var MostLogo = picture.Most{Side: 512, Bytes: 64 << 10}

// Errors.
var (
	ErrTheme   = fault.New(fault.Invalid, "invalid_theme", "The theme is not acceptable.")
	ErrNoTheme = fault.New(fault.NotFound, "theme_not_found", "There is no such theme.")
)

const longestName = 100

var themeName = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// Check names everything that is wrong with it. A colour cannot be: what cannot
// be read is moved until it can (Palette).
func (t Theme) Check() error {
	var wrong []fault.Detail
	refuse := func(bad bool, where, why string) {
		if bad {
			wrong = append(wrong, fault.At(where, why))
		}
	}
	refuse(!themeName.MatchString(t.Name), "name", "has 1 to 40 small letters, digits and dashes")
	refuse(!clean(t.DisplayName, longestName), "display_name", fmt.Sprintf("has at most %d printable characters", longestName))
	for where, text := range map[string]string{"accent": t.Accent, "accent_dark": t.AccentDark} {
		_, good := ColourOf(text)
		refuse(text != "" && !good, where, "is no colour such as #0b6354")
	}
	refuse(t.AccentDark != "" && t.Accent == "", "accent", "is needed with accent_dark")
	refuse(t.Font != "" && !slices.Contains(Fonts(), t.Font), "font", "is none of the fonts")
	refuse(t.Corners != "" && !slices.Contains(AllCorners(), t.Corners), "corners", "are not round, slight or square")
	refuse(t.Logo != nil && (t.Logo.Width > MostLogo.Side || t.Logo.Height > MostLogo.Side || len(t.Logo.PNG) > MostLogo.Bytes), "logo", "is too large")
	refuse(!clean(t.TermsHeader, longestHeader), "terms_header", fmt.Sprintf("has at most %d printable characters", longestHeader))
	refuse(!text(t.TermsBody, longestTerms), "terms_body", fmt.Sprintf("has at most %d characters of text", longestTerms))
	refuse(t.TermsHeader != "" && t.TermsBody == "", "terms_body", "is needed with terms_header")
	if len(wrong) > 0 {
		slices.SortFunc(wrong, func(a, b fault.Detail) int { return slices.Compare([]string{a.Location}, []string{b.Location}) })
		return ErrTheme.With(wrong...)
	}
	return nil
}

// Palettes are those of its accent, light and dark; none where it has no accent.
func (t Theme) Palettes() (light, dark Palette, own bool) {
	accent, own := ColourOf(t.Accent)
	if !own {
		return light, dark, false
	}
	night, another := ColourOf(t.AccentDark)
	if !another {
		night = accent
	}
	return Light.Palette(accent), Dark.Palette(night), true
}

// Wordmark reports whether the logo is wide, and thus says the name itself.
func (t Theme) Wordmark() bool { return t.Logo != nil && t.Logo.Width > 2*t.Logo.Height }
