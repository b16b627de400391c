package widget

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/adapters/widget/pages"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/picture"
	"github.com/tributary-dev/tributary/core/widget"
)

// families are what devices have, by what they look like (the stacks of
// modernfontstacks.com); no page loads a font.
var families = map[widget.Font]string{
	widget.SystemFont:    `system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif`,
	widget.HumanistFont:  `Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", source-sans-pro, sans-serif`,
	widget.GeometricFont: `Avenir, Montserrat, Corbel, "URW Gothic", source-sans-pro, sans-serif`,
	widget.RoundedFont:   `ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Manjari, "Arial Rounded MT", "Arial Rounded MT Bold", Calibri, source-sans-pro, sans-serif`,
	widget.SerifFont:     `Charter, "Bitstream Charter", "Sitka Text", Cambria, "DejaVu Serif", serif`,
}

var radii = map[widget.Corners]string{widget.RoundCorners: "0.75rem", widget.SlightCorners: "0.25rem", widget.SquareCorners: "0px"}

// styleOf is the style sheet of a theme: tokens that stand after ours. All that is
// in it was made here; of the client there are the digits of its colours.
func styleOf(t widget.Theme) string {
	var shape strings.Builder
	if family := families[t.Font]; family != "" {
		fmt.Fprintf(&shape, " --font: %s;", family)
	}
	if radius := radii[t.Corners]; radius != "" {
		fmt.Fprintf(&shape, " --radius: %s;", radius)
	}
	light, dark, own := t.Palettes()
	if !own {
		return ":root {" + shape.String() + " }\n"
	}
	return ":root {" + shape.String() + colours(light) + " }\n@media (prefers-color-scheme: dark) { :root {" + colours(dark) + " } }\n"
}

func colours(p widget.Palette) string {
	return fmt.Sprintf(" --accent: %s; --accent-soft: %s; --fill: %s; --fill-hover: %s; --on-fill: %s; --fill-edge: %s;", p.Accent, p.Soft, p.Fill, p.Hover, p.OnFill, p.Edge)
}

// themePieces are what pages load of a theme: too little, or too dense, to be worth
// compressing with each page.
func themePieces(t widget.Theme) map[string]piece {
	all := map[string]piece{"theme.css": plainPiece(kinds[".css"], []byte(styleOf(t)))}
	if t.Logo != nil {
		all["logo.png"] = plainPiece(picture.MediaType, t.Logo.PNG)
	}
	return all
}

// dress tells a frame where the look of its visit is.
func dress(f *pages.Frame) {
	t := f.Visit.Theme
	if t == nil {
		return
	}
	for name, p := range themePieces(*t) {
		at := fmt.Sprintf("/widget/themes/%s/%s/%s/%s", t.ClientID, t.Name, p.hash, name)
		if name == "logo.png" {
			f.Logo = at
		} else {
			f.Theme = at
		}
	}
}

// theme answers with a part of a client's look. An address is good for what stood
// there when the page was drawn, and for nothing that came after.
func (s *server) theme(w http.ResponseWriter, r *http.Request) {
	found, err := s.Visits.Theme(r.Context(), r.PathValue("client"), r.PathValue("theme"))
	if err != nil {
		status := http.StatusNotFound
		if !fault.IsNotFound(err) {
			s.Logger.ErrorContext(r.Context(), "theme refused", "error", err)
			status = http.StatusServiceUnavailable
		}
		w.WriteHeader(status)
		return
	}
	themePieces(found)[r.PathValue("name")].answer(w, r)
}
