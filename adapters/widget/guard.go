package widget

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// harden sets what every answer has. Where a page may send a form is added by
// formsTo, who may have it around by place.
func harden(h http.Header) {
	h.Set("Content-Security-Policy", policy(nil, nil))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("X-Robots-Tag", "noindex")
}

// policy lets a page load what is ours and nothing else; forms lead to us and,
// by the redirect at the end, to the client. Only framers may have it in a frame.
func policy(client, framers []string) string {
	if len(framers) == 0 {
		framers = []string{"'none'"}
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'", "object-src 'none'",
		"form-action " + strings.Join(append([]string{"'self'"}, client...), " "),
		"base-uri 'none'", "frame-ancestors " + strings.Join(framers, " "), "require-trusted-types-for 'script'", "trusted-types 'none'",
	}, "; ")
}

// formsTo lets the form that ends a visit lead to the client: browsers hold the
// redirect after a form to the same rule as the form.
func formsTo(w http.ResponseWriter, r *http.Request, order widget.Order) {
	var origins []string
	for _, address := range []string{order.RedirectURL, order.CancelURL} {
		u, err := url.Parse(address)
		switch {
		case err != nil || u.Scheme == "":
		case u.Scheme == "https" || u.Scheme == "http":
			origins = append(origins, u.Scheme+"://"+u.Host)
		default: // an app
			origins = append(origins, u.Scheme+":")
		}
	}
	slices.Sort(origins)
	w.Header().Set("Content-Security-Policy", policy(slices.Compact(origins), framers(r)))
}

// cookie is by session, so that visits in one browser do not meet.
func (s *server) cookie(session string) string {
	if s.secure() {
		return "__Host-" + session
	}
	return session
}

// remember has the browser keep what it is known by. In a frame it keeps it for
// the page around it alone.
func (s *server) remember(w http.ResponseWriter, session string, browser secret.String) {
	http.SetCookie(w, &http.Cookie{
		Name: s.cookie(session), Value: browser.Reveal(), Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	})
}

func (s *server) visitor(r *http.Request) usecase.Visitor {
	v := usecase.Visitor{Session: r.PathValue("id"), Locale: preferred(r.Header.Get("Accept-Language"))}
	if kept, err := r.Cookie(s.cookie(v.Session)); err == nil {
		v.Browser = secret.New(kept.Value)
	}
	if host := hostOf(r); host != "" {
		v.PSU = synchronization.Present(host, r.UserAgent())
	}
	return v
}

// hostOf is where a browser is.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	return host
}

// word is what a form of a visit has to say. It is made from what only the
// browser and we know, so that nothing has to be kept for it.
func word(browser secret.String) string {
	mac := hmac.New(sha256.New, []byte(browser.Reveal()))
	_, _ = mac.Write([]byte("form"))
	return hex.EncodeToString(mac.Sum(nil))
}

// genuine reports whether a form was sent by our own page.
func (s *server) genuine(r *http.Request, v usecase.Visitor) bool {
	// Our referrer policy has browsers call the origin of a form null. Those that
	// tell where a form comes from say so by Sec-Fetch-Site; the others by the word
	// alone.
	telling := r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "null"
	if telling && s.origins.Check(r) != nil {
		return false
	}
	return !v.Browser.Empty() && hmac.Equal([]byte(r.PostFormValue("form")), []byte(word(v.Browser)))
}
