package modern

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

func (t *Theme) home(w http.ResponseWriter, v visited) {
	if s, err := t.desk.Standing(v.Visit); err == nil {
		t.onward(w, v, s)
		return
	}
	t.leadTo(w, v, "/login")
}

// logIn is the first page: both fields, or the login alone.
func (t *Theme) logIn(w http.ResponseWriter, v visited) { t.logInAgain(w, v, nil) }

func (t *Theme) logInAgain(w http.ResponseWriter, v visited, problem error) {
	p := t.page(v, "login.html", "Connexion à votre espace client", "Log in to online banking")
	p.kind, p.Data = config.PageLogIn, t.desk.Steps()
	switch query := v.r.URL.Query(); {
	case problem != nil:
		p.Problem = wording.Refusal(p.Lang, problem)
	case query.Has("expired"):
		p.Note = p.T("Votre session a expiré. Veuillez vous reconnecter.", "Your session has expired. Please log in again.")
	case query.Has("bye"):
		p.Note = p.T("Vous êtes déconnecté. À bientôt !", "You are logged out. See you soon!")
	}
	t.show(w, v, p)
}

// field is how a form's field is called in this markup.
func (t *Theme) field(before, after string) string {
	if t.desk.Switch.State().Markup == 2 {
		return after
	}
	return before
}

func (t *Theme) takeLogin(w http.ResponseWriter, v visited) {
	login := strings.TrimSpace(v.r.PostForm.Get(t.field("login", "customerNumber")))
	if login == "" {
		t.logInAgain(w, v, &bank.Refusal{Code: bank.InvalidRequest})
		return
	}
	v.Visit = t.desk.Name(v.Visit, login)
	switch {
	case t.desk.Walled(login):
		t.wall(w, v)
	case t.desk.Steps():
		t.leadTo(w, v, "/login/password")
	default:
		t.enter(w, v, v.r.PostForm.Get(t.field("password", "secret")), t.logInAgain)
	}
}

// wall keeps away whoever looks like a machine, and what is done there is never enough.
func (t *Theme) wall(w http.ResponseWriter, v visited) {
	p := t.page(v, "wall.html", "Vérification de sécurité", "Security check")
	p.status = http.StatusForbidden
	t.show(w, v, p)
}

// password is the second step: a field, or keys.
func (t *Theme) password(w http.ResponseWriter, v visited) {
	if v.Login == "" {
		t.leadTo(w, v, "/login")
		return
	}
	t.passwordAgain(w, v, nil)
}

func (t *Theme) passwordAgain(w http.ResponseWriter, v visited, problem error) {
	p := t.page(v, "password.html", "Votre mot de passe", "Your password")
	p.kind = config.PageLogIn
	if problem != nil {
		p.Problem = wording.Refusal(p.Lang, problem)
	}
	keypad := t.desk.Keypad(v.Login)
	if keypad {
		v.Visit = t.desk.Scramble(v.Visit)
	}
	p.Data = map[string]any{"Login": v.Login, "Keys": keysOf(keypad)}
	t.show(w, v, p)
}

// keysOf gives the places of a keypad, none where there is no such thing.
func keysOf(keypad bool) []int {
	if !keypad {
		return nil
	}
	return []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
}

// key is the picture on one key.
func (t *Theme) key(w http.ResponseWriter, v visited) {
	place, err := strconv.Atoi(v.r.PathValue("place"))
	if err != nil || place < 0 || place >= len(v.Keys) {
		t.missing(w, v)
		return
	}
	t.picture(w, picture.Digits(v.Keys[place:place+1]))
}

func (t *Theme) picture(w http.ResponseWriter, image []byte) {
	w.Header().Set("Content-Type", picture.MediaType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(image) // a browser that is gone is told nothing
}

func (t *Theme) takePassword(w http.ResponseWriter, v visited) {
	switch {
	case v.Login == "":
		t.leadTo(w, v, "/login")
	case t.desk.Walled(v.Login):
		t.wall(w, v)
	case t.desk.Keypad(v.Login):
		t.enter(w, v, t.desk.Pressed(v.Visit, v.r.PostForm.Get("positions")), t.passwordAgain)
	default:
		t.enter(w, v, v.r.PostForm.Get(t.field("password", "secret")), t.passwordAgain)
	}
}

// enter takes the password; again shows the page once more.
func (t *Theme) enter(w http.ResponseWriter, v visited, password string, again func(http.ResponseWriter, visited, error)) {
	next, s, err := t.desk.Enter(w, v.r, v.Visit, password)
	switch wording.Code(err) {
	case bank.Unavailable:
		t.maintenance(w, v)
		return
	case bank.AccountLocked:
		t.locked(w, v, err)
		return
	}
	if err != nil {
		again(w, v, err)
		return
	}
	v.Visit = next
	if t.desk.Broken(v.Login, config.PageLogIn) != "" {
		t.logInAgain(w, v, nil)
		return
	}
	if t.desk.Bank.Delay(v.r.Context(), v.Login) == nil {
		t.onward(w, v, s)
	}
}

func (t *Theme) locked(w http.ResponseWriter, v visited, err error) {
	p := t.page(v, "message.html", "Accès bloqué", "Access locked")
	t.message(w, v, http.StatusOK, p, wording.Refusal(p.Lang, err)+" "+p.T("Appelez le 01 00 00 00 00, du lundi au samedi de 8 h à 20 h.", "Call 01 00 00 00 00, Monday to Saturday from 8 am to 8 pm."))
}

func (t *Theme) logOut(w http.ResponseWriter, v visited) {
	t.desk.Leave(w, v.r, v.Visit)
	t.leadTo(w, v, "/login?bye=1")
}

// info is a page that every bank has.
func (t *Theme) info(w http.ResponseWriter, v visited) {
	switch v.r.PathValue("topic") {
	case "security":
		p := t.page(v, "message.html", "Vos données sont protégées", "Your data is protected")
		t.message(w, v, http.StatusOK, p, p.T("Nous ne vous demanderons jamais votre mot de passe par téléphone, par SMS ou par e-mail.", "We never ask for your password by phone, text message or e-mail."))
	case "legal":
		p := t.page(v, "message.html", "Mentions légales", "Legal notice")
		t.message(w, v, http.StatusOK, p, p.T("Cette banque est fictive et ne sert qu'à des tests.", "This bank is not real and is for tests only."))
	default:
		t.missing(w, v)
	}
}
