package widget

import (
	"cmp"
	"net/http"

	"github.com/tributary-dev/tributary/adapters/widget/pages"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// show answers with the page at which the visit is.
func (s *server) show(w http.ResponseWriter, r *http.Request) {
	v := s.visitor(r)
	visit, err := s.Visits.Look(r.Context(), v)
	if err != nil {
		s.refuse(w, r, v, err)
		return
	}
	s.draw(w, r, v, visit, http.StatusOK, pages.Frame{Search: searchOf(r)})
}

// draw completes a frame and writes it.
func (s *server) draw(w http.ResponseWriter, r *http.Request, v usecase.Visitor, visit usecase.Visit, status int, f pages.Frame) {
	order := visit.Session.Order
	formsTo(w, r, order)
	// Where there is a page around, or an app that was opened already, the user gets
	// a page to go on from.
	if to := visit.Session.Destination(); visit.Page == widget.Over && to != "" && !visit.Session.App() && !order.Mode.Embedded() {
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	if visit.Page == widget.ChooseBank {
		banks, err := s.Visits.Banks(r.Context(), v, f.Search)
		if err != nil {
			s.refuse(w, r, v, err)
			return
		}
		f.Banks = banks
	}
	if visit.Page == widget.Accesses {
		if err := s.review(r, v, &f); err != nil {
			s.refuse(w, r, v, err)
			return
		}
	}
	f.Visit, f.Locale, f.Action, f.Word, f.Key = visit, locale(order, v), address(v.Session), word(v.Browser), key(visit)
	f.Details, f.Told = details(visit), ending(visit)
	s.write(w, r, status, f)
}

func locale(order widget.Order, v usecase.Visitor) string {
	if order.Locale != "" {
		return order.Locale
	}
	return v.Locale
}

func (s *server) write(w http.ResponseWriter, r *http.Request, status int, f pages.Frame) {
	dress(&f)
	f.Style, f.Script = assetAddress("widget.css"), assetAddress("widget.js")
	if f.Around = aroundOf(r); f.Around.Mode.Embedded() {
		f.Teller, f.Session = assetAddress("around.js"), r.PathValue("id")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Language", f.Locale)
	w.Header().Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	if err := pages.Page(f).Render(r.Context(), w); err != nil {
		s.Logger.DebugContext(r.Context(), "page not delivered", "error", err)
	}
}

// refuse says why there is no page to show.
func (s *server) refuse(w http.ResponseWriter, r *http.Request, v usecase.Visitor, err error) {
	notice, status := pages.Failed, http.StatusServiceUnavailable
	switch {
	case widget.ErrLink.Is(err):
		notice, status = pages.Used, http.StatusForbidden
	case widget.ErrBrowser.Is(err):
		notice, status = pages.Elsewhere, http.StatusForbidden
	case fault.IsNotFound(err):
		notice, status = pages.Unknown, http.StatusNotFound
	default:
		s.Logger.ErrorContext(r.Context(), "page refused", "error", err)
	}
	s.notify(w, r, v, status, notice)
}

// notify shows a notice in the place of a visit: in the look of whoever the session
// belongs to, where that is known, and with nothing else of it.
func (s *server) notify(w http.ResponseWriter, r *http.Request, v usecase.Visitor, status int, notice *pages.Notice) {
	dress, err := s.Visits.Dress(r.Context(), v.Session)
	if err != nil {
		s.Logger.ErrorContext(r.Context(), "notice without its look", "error", err)
	}
	s.write(w, r, status, pages.Frame{Visit: usecase.Visit{Dress: dress}, Locale: cmp.Or(dress.Locale, v.Locale), Notice: notice, Told: refusal(notice)})
}
