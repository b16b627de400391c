package modern

import (
	"embed"
	"net/http"
	"regexp"

	"github.com/tributary-dev/tributary/testbank/reply"
)

//go:embed assets
var assetFiles embed.FS

// class is a class in the style sheet.
var class = regexp.MustCompile(`\.([a-z][a-z0-9-]*)`)

var media = map[string]string{"bank.css": "text/css; charset=utf-8", "bank.2.css": "text/css; charset=utf-8", "bank.js": "text/javascript; charset=utf-8", "logo.svg": "image/svg+xml"}

// asset serves the style sheet of each markup, the script and the logo.
func (*Theme) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	source := name
	if name == "bank.2.css" {
		source = "bank.css"
	}
	text, err := assetFiles.ReadFile("assets/" + source)
	if err != nil || media[name] == "" {
		reply.NotFound(w, r)
		return
	}
	if source != name {
		text = class.ReplaceAllFunc(text, func(found []byte) []byte { return []byte("." + hashed(string(found[1:]))) })
	}
	w.Header().Set("Content-Type", media[name])
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(text) // a browser that is gone is told nothing
}
