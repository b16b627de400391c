package classic

import (
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

func (t *Theme) logOn(w http.ResponseWriter, v visited) { t.logOnAgain(w, v, nil) }

// logOnAgain asks for login and password, or for the login alone.
func (t *Theme) logOnAgain(w http.ResponseWriter, v visited, problem error) {
	s := t.form(v, "logon.html", "IDENTIFICATION", "IDENTIFICATION")
	s.kind, s.Data = config.PageLogIn, t.desk.Steps()
	if problem != nil {
		s.Problem = wording.Refusal(s.Lang, problem)
	}
	t.show(w, v, s)
}

func (t *Theme) takeLogin(w http.ResponseWriter, v visited) {
	login := strings.TrimSpace(v.typed(t.field("ident", "abonne")))
	if login == "" {
		t.logOnAgain(w, v, &bank.Refusal{Code: bank.InvalidRequest})
		return
	}
	v.Visit = t.desk.Name(v.Visit, login)
	switch {
	case t.desk.Walled(login):
		t.wall(w, v)
	case t.desk.Steps():
		t.leadTo(w, v, "code.do")
	default:
		t.enter(w, v, v.typed(t.field("code", "mdp")), t.logOnAgain)
	}
}

// wall keeps away whoever looks like a machine.
func (t *Theme) wall(w http.ResponseWriter, v visited) {
	s := t.screen(v, "message.html", "ACCÈS REFUSÉ", "ACCESS DENIED")
	t.message(w, v, http.StatusForbidden, s, s.T("Votre demande a été rejetée par notre dispositif de sécurité : un accès automatisé a été détecté. Numéro de l'incident : 18427739-0216.", "Your request was rejected by our security system: automated access was detected. Incident number: 18427739-0216."))
}

// code is the second step: a field, or keys on one picture.
func (t *Theme) code(w http.ResponseWriter, v visited) {
	if v.Login == "" {
		t.leadTo(w, v, "logon.do")
		return
	}
	t.codeAgain(w, v, nil)
}

// asked is a code that is typed in a field, or pressed on keys.
type asked struct {
	Login  string
	Keypad bool
	// Areas are the keys on the picture.
	Areas []area
}

// area is one key: its place and where it is on the picture.
type area struct{ Place, Left, Top, Right, Bottom int }

// areas gives the keys of the picture.
func areas(keypad bool) []area {
	var all []area
	for place := range 10 {
		if !keypad {
			break
		}
		left, top := place%picture.GridColumns*picture.GridCell, place/picture.GridColumns*picture.GridCell
		all = append(all, area{place, left, top, left + picture.GridCell, top + picture.GridCell})
	}
	return all
}

func (t *Theme) codeAgain(w http.ResponseWriter, v visited, problem error) {
	s := t.form(v, "code.html", "CODE D'ACCÈS", "ACCESS CODE")
	s.kind = config.PageLogIn
	if problem != nil {
		s.Problem = wording.Refusal(s.Lang, problem)
	}
	keypad := t.desk.Keypad(v.Login)
	if keypad {
		t.desk.Scramble(v.Visit)
	}
	s.Data = asked{Login: v.Login, Keypad: keypad, Areas: areas(keypad)}
	t.show(w, v, s)
}

// grid is the picture of all keys.
func (t *Theme) grid(w http.ResponseWriter, v visited) {
	if v.Keys == "" {
		t.missing(w, v)
		return
	}
	w.Header().Set("Content-Type", picture.MediaType)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(picture.Grid(v.Keys)) // a browser that is gone is told nothing
}

func (t *Theme) takeCode(w http.ResponseWriter, v visited) {
	switch {
	case v.Login == "":
		t.leadTo(w, v, "logon.do")
	case t.desk.Walled(v.Login):
		t.wall(w, v)
	case t.desk.Keypad(v.Login):
		t.enter(w, v, t.desk.Pressed(v.Visit, v.r.PostForm.Get("pos")), t.codeAgain)
	default:
		t.enter(w, v, v.typed(t.field("code", "mdp")), t.codeAgain)
	}
}

// enter takes the password; again shows the page once more.
func (t *Theme) enter(w http.ResponseWriter, v visited, password string, again func(http.ResponseWriter, visited, error)) {
	next, session, err := t.desk.Enter(w, v.r, v.Visit, password)
	switch wording.Code(err) {
	case bank.Unavailable:
		t.closed(w, v)
		return
	case bank.AccountLocked:
		s := t.screen(v, "message.html", "ACCÈS BLOQUÉ", "ACCESS LOCKED")
		t.message(w, v, http.StatusOK, s, wording.Refusal(s.Lang, err))
		return
	}
	if err != nil {
		again(w, v, err)
		return
	}
	v.Visit = next
	if t.desk.Broken(v.Login, config.PageLogIn) != "" {
		t.logOnAgain(w, v, nil)
		return
	}
	if t.desk.Bank.Delay(v.r.Context(), v.Login) == nil {
		t.onward(w, v, session)
	}
}

func (t *Theme) logOff(w http.ResponseWriter, v visited) {
	t.desk.Leave(w, v.r, v.Visit)
	v.Session = ""
	s := t.screen(v, "message.html", "AU REVOIR", "GOODBYE")
	t.message(w, v, http.StatusOK, s, s.T("Vous avez quitté la banque en ligne. Par sécurité, fermez votre navigateur.", "You have left online banking. For your security, please close your browser."))
}
