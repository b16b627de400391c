package classic

import (
	"image"
	"image/color"
	"image/gif"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// frames holds the bank's name, the menu, and in the middle what is asked for.
func (t *Theme) frames(w http.ResponseWriter, v visited) {
	t.show(w, v, t.screen(v, "frames.html", "Banque en ligne", "Online banking"))
}

func (t *Theme) top(w http.ResponseWriter, v visited) {
	t.show(w, v, t.screen(v, "top.html", "", ""))
}

func (t *Theme) menu(w http.ResponseWriter, v visited) {
	s := t.screen(v, "menu.html", "", "")
	standing, err := t.desk.Standing(v.Visit)
	s.Data = err == nil && places[standing.Status] == "comptes.do"
	t.show(w, v, s)
}

// centre shows what comes next for the visit.
func (t *Theme) centre(w http.ResponseWriter, v visited) {
	standing, err := t.desk.Standing(v.Visit)
	switch {
	case wording.Code(err) == bank.SessionExpired, wording.Code(err) == bank.NotFound:
		t.leadTo(w, v, "logon.do")
	case err != nil: // a customer who comes back from where something was refused
		t.ended(w, v, err)
	default:
		t.onward(w, v, standing)
	}
}

// logo is the bank's sign, in the four colours that there were.
func logo(w http.ResponseWriter, _ *http.Request) {
	const side = 48
	sign := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{
		color.RGBA{0, 0x33, 0x66, 255}, color.White, color.RGBA{0xff, 0xcc, 0, 255}, color.RGBA{0x66, 0x99, 0xcc, 255},
	})
	for y := range side {
		for x := range side {
			switch stripe := (x + y) / 8 % 6; {
			case x < 2 || y < 2 || x >= side-2 || y >= side-2:
				sign.SetColorIndex(x, y, 1)
			case stripe == 2:
				sign.SetColorIndex(x, y, 2)
			case stripe == 4:
				sign.SetColorIndex(x, y, 3)
			}
		}
	}
	w.Header().Set("Content-Type", "image/gif")
	w.Header().Set("Cache-Control", "public, max-age=300")
	_ = gif.Encode(w, sign, nil) // a browser that is gone is told nothing
}
