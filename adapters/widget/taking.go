package widget

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/adapters/widget/pages"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// maxForm bounds a form, in bytes.
const maxForm = 64 << 10

// take does what a form says, and leads to where the visit is then.
func (s *server) take(w http.ResponseWriter, r *http.Request) {
	v := s.visitor(r)
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil || !s.genuine(r, v) {
		s.notify(w, r, v, http.StatusForbidden, pages.Failed)
		return
	}
	visit, err := s.Visits.Watch(r.Context(), v)
	if err != nil {
		s.refuse(w, r, v, err)
		return
	}
	v.Locale = locale(visit.Session.Order, v)
	err = s.Visits.Take(r.Context(), v, moveOf(r, visit))
	if err == nil || widget.ErrMoved.Is(err) {
		formsTo(w, r, visit.Session.Order)
		w.Header().Set("Location", s.onward(r, v, err == nil))
		w.WriteHeader(http.StatusSeeOther)
		return
	}
	s.complain(w, r, v, visit, err)
}

// onward is where a form leads that was taken: to the visit, and straight to the
// app when it ends, since phones open an app only for who has just pressed a button.
func (s *server) onward(r *http.Request, v usecase.Visitor, taken bool) string {
	input := widget.Input(r.PostForm.Get("input"))
	if !taken || (input != widget.Finish && input != widget.Leave) {
		return address(v.Session)
	}
	visit, err := s.Visits.Watch(r.Context(), v)
	if err != nil || visit.Page != widget.Over || !visit.Session.App() {
		return address(v.Session)
	}
	return visit.Session.Destination()
}

// shown are the kinds of field whose content may stand in a page.
var shown = map[form.FieldType]bool{form.Text: true, form.Number: true, form.Date: true, form.List: true}

// complain shows the same page again, with what is wrong and what may be shown
// of what was typed.
func (s *server) complain(w http.ResponseWriter, r *http.Request, v usecase.Visitor, visit usecase.Visit, err error) {
	failed, _ := errors.AsType[*fault.Error](err)
	if failed == nil || failed.Kind == fault.Internal || widget.ErrBrowser.Is(err) || widget.ErrNotFound.Is(err) {
		s.refuse(w, r, v, err)
		return
	}
	f := pages.Frame{Wrong: map[string]bool{}, Kept: map[string]string{}, Alert: pages.AlertOf(failed)}
	for _, detail := range failed.Details {
		f.Wrong[detail.Location[strings.LastIndex(detail.Location, ".")+1:]] = true
	}
	for i, way := range visit.Ways {
		for _, field := range way.CredentialFields {
			if shown[field.Type] {
				f.Kept[field.Name] = r.PostForm.Get(pages.FieldName(i, field))
			}
		}
	}
	s.draw(w, r, v, visit, http.StatusUnprocessableEntity, f)
}

// moveOf reads a form. Only what is asked for is read from it.
func moveOf(r *http.Request, visit usecase.Visit) usecase.Move {
	move := usecase.Move{
		Page: widget.Page(r.PostForm.Get("page")), Input: widget.Input(r.PostForm.Get("input")), ProviderID: r.PostForm.Get("provider"),
		Connection: r.PostForm.Get("connection"), Account: r.PostForm.Get("account"), Consent: r.PostForm.Get("consent"), Name: r.PostForm.Get("name"), Chosen: r.PostForm["chosen"],
		Challenge: r.PostForm.Get("challenge"), Credentials: map[string]secret.Values{}, Answers: secret.Values{},
	}
	for i, way := range visit.Ways {
		values := secret.Values{}
		for _, field := range way.CredentialFields {
			if value := r.PostForm.Get(pages.FieldName(i, field)); value != "" && field.Type != form.Hidden {
				values[field.Name] = secret.New(value)
			}
		}
		move.Credentials[way.ID] = values
	}
	if asked := visit.Diagnosis.Asked; asked != nil {
		for _, name := range pages.AnswerNames(asked) {
			if value := r.PostForm.Get(fmt.Sprintf("answer.%s", name)); value != "" {
				move.Answers[name] = secret.New(value)
			}
		}
	}
	return move
}
