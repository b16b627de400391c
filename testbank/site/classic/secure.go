package classic

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/desk"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// factor is what the screen of a second factor shows.
type factor struct {
	desk.Factor
	Areas []area
}

func (t *Theme) secure(w http.ResponseWriter, v visited) { t.secureAgain(w, v, nil) }

func (t *Theme) secureAgain(w http.ResponseWriter, v visited, problem error) {
	session, err := t.desk.Standing(v.Visit)
	switch {
	case err != nil:
		t.ended(w, v, err)
		return
	case session.Challenge == nil:
		t.onward(w, v, session)
		return
	}
	s := t.form(v, "secure.html", "AUTHENTIFICATION RENFORCÉE", "STRONG AUTHENTICATION")
	s.kind = config.PageChallenge
	if problem != nil {
		s.Problem = wording.Refusal(s.Lang, problem)
	}
	f := factor{Factor: t.desk.Factor(session, reply.Base(v.r)+path+"/")}
	switch {
	case f.Announced:
		s.template = "announce.html"
	case f.Keypad:
		t.desk.Scramble(v.Visit)
		f.Areas = areas(true)
	case f.Confirm != "":
		f.Confirm = reply.Prefix(v.r) + f.Confirm
	}
	if f.Resend != nil {
		s.Second = t.desk.NewToken(v.Visit)
	}
	s.Data = f
	t.show(w, v, s)
}

// begin asks for the code or the approval that was announced.
func (t *Theme) begin(w http.ResponseWriter, v visited) {
	if _, err := t.desk.Bank.Begin(v.Session); err != nil && wording.Code(err) != bank.InvalidRequest {
		t.ended(w, v, err)
		return
	}
	t.leadTo(w, v, "secure.do")
}

func (t *Theme) takeAnswer(w http.ResponseWriter, v visited) {
	answer := bank.Answer{Code: v.typed("otp"), Option: v.r.PostForm.Get("choix")}
	if places := v.r.PostForm.Get("pos"); places != "" {
		answer.Code = t.desk.Pressed(v.Visit, places)
	}
	session, err := t.desk.Bank.Answer(v.Session, answer)
	switch wording.Code(err) {
	case "":
		t.onward(w, v, session)
	case bank.WrongCode, bank.WrongOption, bank.InvalidRequest:
		t.secureAgain(w, v, err)
	default:
		t.ended(w, v, err)
	}
}

func (t *Theme) resend(w http.ResponseWriter, v visited) {
	_, err := t.desk.Bank.Resend(v.Session)
	switch wording.Code(err) {
	case "", bank.ResendTooEarly, bank.TooManyResends, bank.ResendNotSupported, bank.InvalidRequest:
		t.secureAgain(w, v, err)
	default:
		t.ended(w, v, err)
	}
}

// image is the picture of the challenge.
func (t *Theme) image(w http.ResponseWriter, v visited) {
	session, err := t.desk.Standing(v.Visit)
	if err != nil || session.Status != bank.AwaitChallenge || session.Challenge.Image == nil && !session.Challenge.QR {
		t.missing(w, v)
		return
	}
	image := session.Challenge.Image
	if session.Challenge.QR {
		image = picture.QR(reply.Base(v.r) + "/app/" + v.Login)
	}
	w.Header().Set("Content-Type", picture.MediaType)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(image) // a browser that is gone is told nothing
}

// waits says whether the session waits for that; otherwise the customer has been led on already.
func (t *Theme) waits(w http.ResponseWriter, v visited, status bank.Status) bool {
	session, err := t.desk.Standing(v.Visit)
	switch {
	case err != nil:
		t.ended(w, v, err)
	case session.Status != status:
		t.onward(w, v, session)
	default:
		return true
	}
	return false
}

func (t *Theme) newPassword(w http.ResponseWriter, v visited) {
	if t.waits(w, v, bank.AwaitPassword) {
		t.show(w, v, t.form(v, "mdp.html", "CHANGEMENT DU MOT DE PASSE", "CHANGE OF PASSWORD"))
	}
}

func (t *Theme) takeNewPassword(w http.ResponseWriter, v visited) {
	if !t.waits(w, v, bank.AwaitPassword) {
		return
	}
	var err error = &bank.Refusal{Code: bank.InvalidRequest}
	if v.typed("nouveau") == v.typed("encore") {
		err = t.desk.Bank.ChangePassword(v.Login, v.typed("ancien"), v.typed("nouveau"))
	}
	if err == nil {
		t.leadTo(w, v, "centre.do")
		return
	}
	s := t.form(v, "mdp.html", "CHANGEMENT DU MOT DE PASSE", "CHANGE OF PASSWORD")
	s.Problem = wording.Refusal(s.Lang, err)
	t.show(w, v, s)
}

func (t *Theme) terms(w http.ResponseWriter, v visited) {
	if t.waits(w, v, bank.AwaitTerms) {
		t.show(w, v, t.form(v, "cgu.html", "CONDITIONS GÉNÉRALES", "GENERAL TERMS"))
	}
}

func (t *Theme) takeTerms(w http.ResponseWriter, v visited) {
	if t.waits(w, v, bank.AwaitTerms) {
		_ = t.desk.Bank.AcceptTerms(v.Login) // where nothing waits any more, all is well
		t.leadTo(w, v, "centre.do")
	}
}
