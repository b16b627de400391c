package widget

import (
	"net/http"

	tributaryjs "github.com/tributary-dev/tributary/sdk/js/widget"
)

var openerPiece = pieceOf("tributary.js", tributaryjs.Script)

// opener gives other sites the script that opens the widget: it holds no secret,
// and its address never changes, so browsers ask for it again after an hour.
func (s *server) opener(w http.ResponseWriter, r *http.Request) {
	h, tag := w.Header(), `W/"`+openerPiece.hash+`"`
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("ETag", tag)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*") // for who names the hash of its content
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	openerPiece.send(w, r)
}
