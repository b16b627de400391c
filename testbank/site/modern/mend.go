package modern

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// waits says whether the session waits for that; otherwise the customer has been led on already.
func (t *Theme) waits(w http.ResponseWriter, v visited, status bank.Status) bool {
	s, err := t.desk.Standing(v.Visit)
	switch {
	case err != nil:
		t.ended(w, v, err)
	case s.Status != status:
		t.onward(w, v, s)
	default:
		return true
	}
	return false
}

func (t *Theme) newPassword(w http.ResponseWriter, v visited) {
	if t.waits(w, v, bank.AwaitPassword) {
		t.show(w, v, t.page(v, "new_password.html", "Choisissez un nouveau mot de passe", "Choose a new password"))
	}
}

func (t *Theme) takeNewPassword(w http.ResponseWriter, v visited) {
	if !t.waits(w, v, bank.AwaitPassword) {
		return
	}
	form := v.r.PostForm
	var err error = &bank.Refusal{Code: bank.InvalidRequest}
	if form.Get("new_password") == form.Get("repeated") {
		err = t.desk.Bank.ChangePassword(v.Login, form.Get("current"), form.Get("new_password"))
	}
	if err == nil {
		t.leadTo(w, v, "/accounts")
		return
	}
	p := t.page(v, "new_password.html", "Choisissez un nouveau mot de passe", "Choose a new password")
	p.Problem = wording.Refusal(p.Lang, err)
	t.show(w, v, p)
}

func (t *Theme) terms(w http.ResponseWriter, v visited) {
	if t.waits(w, v, bank.AwaitTerms) {
		t.show(w, v, t.page(v, "terms.html", "Nos conditions évoluent", "Our terms are changing"))
	}
}

func (t *Theme) takeTerms(w http.ResponseWriter, v visited) {
	if !t.waits(w, v, bank.AwaitTerms) {
		return
	}
	if v.r.PostForm.Get("accept") == "" {
		p := t.page(v, "terms.html", "Nos conditions évoluent", "Our terms are changing")
		p.Problem = p.T("Cochez la case pour continuer.", "Tick the box to go on.")
		t.show(w, v, p)
		return
	}
	_ = t.desk.Bank.AcceptTerms(v.Login) // where nothing waits any more, all is well
	t.leadTo(w, v, "/accounts")
}
