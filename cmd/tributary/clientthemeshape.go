package main

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
)

// themeShape is a theme as scripts read it.
type themeShape struct {
	ClientID    ident.Client   `json:"client_id"`
	Name        string         `json:"name"`
	DisplayName string         `json:"display_name"`
	Accent      string         `json:"accent"`
	AccentDark  string         `json:"accent_dark"`
	Light       *paletteShape  `json:"light"`
	Dark        *paletteShape  `json:"dark"`
	Font        widget.Font    `json:"font"`
	Corners     widget.Corners `json:"corners"`
	Logo        *logoShape     `json:"logo"`
	TermsHeader string         `json:"terms_header"`
	TermsBody   string         `json:"terms_body"`
	Removed     bool           `json:"removed"`
}

// paletteShape is what becomes of the client's colour, with the contrast that it has.
type paletteShape struct {
	Button       string  `json:"button"`
	OnButton     string  `json:"on_button"`
	OnButtonBy   float64 `json:"on_button_contrast"`
	Text         string  `json:"text"`
	TextOnPaper  float64 `json:"text_contrast"`
	TextAdjusted bool    `json:"text_adjusted"`
}

type logoShape struct {
	Width  int `json:"width"`
	Height int `json:"height"`
	Bytes  int `json:"bytes"`
}

func paletteShapeOf(s widget.Scheme, p widget.Palette, told string) *paletteShape {
	return &paletteShape{
		Button: p.Fill.String(), OnButton: p.OnFill.String(), OnButtonBy: tenths(p.OnFill.Contrast(p.Fill)),
		Text: p.Accent.String(), TextOnPaper: tenths(p.Accent.Contrast(s.Paper)), TextAdjusted: p.Accent.String() != strings.ToLower(told),
	}
}

// tenths are cut, not rounded: nothing is said to be better than it is.
func tenths(ratio float64) float64 { return float64(int(ratio*10)) / 10 }

func themeShapeOf(t widget.Theme, removed bool) themeShape {
	shape := themeShape{
		ClientID: t.ClientID, Name: t.Name, DisplayName: t.DisplayName, Accent: t.Accent, AccentDark: t.AccentDark,
		Font: cmp.Or(t.Font, widget.SystemFont), Corners: cmp.Or(t.Corners, widget.RoundCorners), TermsHeader: t.TermsHeader, TermsBody: t.TermsBody, Removed: removed,
	}
	if light, dark, own := t.Palettes(); own {
		shape.Light, shape.Dark = paletteShapeOf(widget.Light, light, t.Accent), paletteShapeOf(widget.Dark, dark, cmp.Or(t.AccentDark, t.Accent))
	}
	if t.Logo != nil {
		shape.Logo = &logoShape{t.Logo.Width, t.Logo.Height, len(t.Logo.PNG)}
	}
	return shape
}

func (c clientTheme) print(std streams, owner client.Client, theme widget.Theme) error {
	s := themeShapeOf(theme, c.Remove)
	if c.JSON {
		return printJSON(std.out, s)
	}
	if c.Remove {
		_, err := fmt.Fprintf(std.out, "%s (%s) has no theme %q any more\n", owner.ID, owner.Name, s.Name)
		return err
	}
	logo, terms := "-", "-"
	if s.Logo != nil {
		logo = fmt.Sprintf("%d×%d pixels, %d bytes", s.Logo.Width, s.Logo.Height, s.Logo.Bytes)
	}
	if s.TermsBody != "" {
		terms = fmt.Sprintf("%s (%d characters)", cmp.Or(s.TermsHeader, "without a header"), len([]rune(s.TermsBody)))
	}
	_, err := fmt.Fprintf(std.out, "%s (%s), theme %q\n  display name  %s\n  accent        %s%s%s\n  font          %s\n  corners       %s\n  logo          %s\n  terms         %s\n",
		owner.ID, owner.Name, s.Name, cmp.Or(s.DisplayName, owner.Name), cmp.Or(s.Accent, "-"), s.Light.line("light"), s.Dark.line("dark"), s.Font, s.Corners, logo, terms)
	return err
}

// line says what is used where, and by how much it is told from what is behind it.
func (p *paletteShape) line(scheme string) string {
	if p == nil {
		return ""
	}
	moved := ""
	if p.TextAdjusted {
		moved = ", moved to be readable"
	}
	return fmt.Sprintf("\n    %-5s       buttons %s with %s (%.1f:1), text %s (%.1f:1%s)", scheme, p.Button, p.OnButton, p.OnButtonBy, p.Text, p.TextOnPaper, moved)
}
