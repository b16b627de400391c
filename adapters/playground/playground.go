// Package playground serves the sandbox's page for developers: it opens the widget
// in each mode, and shows the events and the data that come of it beside the calls
// that did it. It is a client like any other: its script knows the public API and
// tributary.js, and nothing of this program.
package playground

import (
	"bytes"
	"embed"
	"net/http"
	"path"
	"strings"
	"time"
)

// Path is where it is.
const Path = "/playground"

//go:embed assets
var assets embed.FS

var kinds = map[string]string{".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}

// Handler answers at Path and below.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+Path, func(w http.ResponseWriter, r *http.Request) { serve(w, r, "playground.html") })
	mux.HandleFunc("GET "+Path+"/{name}", func(w http.ResponseWriter, r *http.Request) { serve(w, r, r.PathValue("name")) })
	return mux
}

func serve(w http.ResponseWriter, r *http.Request, name string) {
	text, err := assets.ReadFile("assets/" + name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	harden(w.Header())
	w.Header().Set("Content-Type", kinds[path.Ext(name)])
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(text))
}

// harden lets the page load what is this server's, frame the widget, and talk with
// a popup that it opened.
func harden(h http.Header) {
	h.Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-src 'self'", "img-src 'self' data:",
		"form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types 'none'",
	}, "; "))
	h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
}
