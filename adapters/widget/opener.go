package widget

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	tributaryjs "github.com/tributary-dev/tributary/sdk/js/widget"
)

// openerTag is known by the content of the script.
var openerTag = func() string {
	sum := sha256.Sum256(tributaryjs.Script)
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}()

// opener gives other sites the script that opens the widget: it holds no secret,
// and its address never changes, so browsers ask for it again after an hour.
func (s *server) opener(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", kinds[".js"])
	h.Set("Cache-Control", "public, max-age=3600")
	h.Set("ETag", openerTag)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Access-Control-Allow-Origin", "*") // for who names the hash of its content
	if r.Header.Get("If-None-Match") == openerTag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(tributaryjs.Script)
}
