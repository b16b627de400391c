package widget

import (
	"math"
	"net/http"
	"strconv"

	"github.com/tributary-dev/tributary/adapters/widget/pages"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
)

// enter spends a link, and takes its browser to the visit. Whoever only looks
// what is behind it (a mail program, a browser that reads ahead) spends nothing.
func (s *server) enter(w http.ResponseWriter, r *http.Request) {
	v := s.visitor(r)
	if r.Method == http.MethodHead || r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") != "" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	from := hostOf(r)
	if wait := s.guesses.wait(from, s.Now()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
		s.notify(w, r, v, http.StatusTooManyRequests, pages.Often)
		return
	}
	browser, err := s.Visits.Open(r.Context(), v.Session, widget.Entry(r.PathValue("entry")), secret.New(r.PathValue("link")))
	if err != nil {
		// Whoever comes back to the link in the browser that opened it may go on.
		if _, here := s.Visits.Watch(r.Context(), v); here != nil {
			s.guesses.count(from, s.Now())
			s.refuse(w, r, v, err)
			return
		}
	} else {
		s.remember(w, v.Session, browser)
	}
	http.Redirect(w, r, address(v.Session), http.StatusSeeOther)
}

// address is where a visit is, all of it.
func address(session string) string { return "/widget/" + session }
