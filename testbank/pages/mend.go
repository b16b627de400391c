package pages

import (
	"errors"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// showPassword asks for a new password.
func (p *Pages) showPassword(w http.ResponseWriter, r *http.Request) {
	standing, known := p.bank.Standing(r.PathValue("login"))
	p.mend(w, r, "password.html", "Choose a new password", known && standing.PasswordChangeRequired, nil)
}

func (p *Pages) changePassword(w http.ResponseWriter, r *http.Request) {
	if !p.form(w, r) {
		return
	}
	err := p.bank.ChangePassword(r.PathValue("login"), r.PostForm.Get("password"), r.PostForm.Get("new_password"))
	p.mend(w, r, "password.html", "Choose a new password", err != nil, err)
}

// showTerms asks to accept the new terms.
func (p *Pages) showTerms(w http.ResponseWriter, r *http.Request) {
	standing, known := p.bank.Standing(r.PathValue("login"))
	p.mend(w, r, "terms.html", "New terms of use", known && standing.TermsToAccept, nil)
}

func (p *Pages) acceptTerms(w http.ResponseWriter, r *http.Request) {
	err := p.bank.AcceptTerms(r.PathValue("login"))
	p.mend(w, r, "terms.html", "New terms of use", err != nil, err)
}

// mend shows the form where there is something to do, again with what was wrong, or else that all is done.
func (p *Pages) mend(w http.ResponseWriter, r *http.Request, form, title string, open bool, err error) {
	var refusal *bank.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Code == bank.NotFound:
		p.fail(w, r, err)
	case err != nil:
		p.show(w, r, http.StatusOK, form, view{Title: title, Path: reply.Prefix(r) + r.URL.Path, Message: message(err)})
	case open:
		p.show(w, r, http.StatusOK, form, view{Title: title, Path: reply.Prefix(r) + r.URL.Path})
	default:
		p.show(w, r, http.StatusOK, "message.html", view{Title: "Thank you", Message: "Nothing is left to do here. You can close this page."})
	}
}
