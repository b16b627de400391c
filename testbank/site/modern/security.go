package modern

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/desk"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// factor is what the page of a second factor shows.
type factor struct {
	desk.Factor
	Keys []int
}

func (t *Theme) security(w http.ResponseWriter, v visited) { t.securityAgain(w, v, nil) }

func (t *Theme) securityAgain(w http.ResponseWriter, v visited, problem error) {
	s, err := t.desk.Standing(v.Visit)
	switch {
	case err != nil:
		t.ended(w, v, err)
		return
	case s.Challenge == nil:
		t.onward(w, v, s)
		return
	}
	p := t.page(v, "security.html", "Vérification de votre identité", "Confirm that it is you")
	p.kind = config.PageChallenge
	if problem != nil {
		p.Problem = wording.Refusal(p.Lang, problem)
	}
	f := factor{Factor: t.desk.Factor(s, reply.Base(v.r)+path+"/security")}
	switch {
	case f.Announced:
		p.template = "announce.html"
	case f.Keypad:
		v.Visit = t.desk.Scramble(v.Visit)
		f.Keys = keysOf(true)
	case f.Confirm != "":
		f.Confirm = reply.Prefix(v.r) + f.Confirm
	}
	p.Data = f
	t.show(w, v, p)
}

// begin asks for the code or the approval that was announced.
func (t *Theme) begin(w http.ResponseWriter, v visited) {
	if _, err := t.desk.Bank.Begin(v.Session); err != nil && wording.Code(err) != bank.InvalidRequest {
		t.ended(w, v, err)
		return
	}
	t.leadTo(w, v, "/security")
}

func (t *Theme) takeAnswer(w http.ResponseWriter, v visited) {
	answer := bank.Answer{Code: v.r.PostForm.Get("code"), Option: v.r.PostForm.Get("option")}
	if places := v.r.PostForm.Get("positions"); places != "" {
		answer.Code = t.desk.Pressed(v.Visit, places)
	}
	s, err := t.desk.Bank.Answer(v.Session, answer)
	switch wording.Code(err) {
	case "":
		t.onward(w, v, s)
	case bank.WrongCode, bank.WrongOption, bank.InvalidRequest:
		t.securityAgain(w, v, err)
	default:
		t.ended(w, v, err)
	}
}

func (t *Theme) resend(w http.ResponseWriter, v visited) {
	_, err := t.desk.Bank.Resend(v.Session)
	switch wording.Code(err) {
	case "":
		t.leadTo(w, v, "/security")
	case bank.ResendTooEarly, bank.TooManyResends, bank.ResendNotSupported, bank.InvalidRequest:
		t.securityAgain(w, v, err)
	default:
		t.ended(w, v, err)
	}
}

// status is what the page asks while an approval is waited for.
func (t *Theme) status(w http.ResponseWriter, v visited) {
	s, err := t.desk.Standing(v.Visit)
	state := "waiting"
	switch {
	case err != nil:
		state = "ended"
	case s.Challenge == nil:
		t.desk.Trust(w, v.r, s)
		state = "done"
	}
	reply.JSON(w, http.StatusOK, map[string]string{"state": state})
}

// image is the picture of the challenge: digits to type, or a code for the phone's camera.
func (t *Theme) image(w http.ResponseWriter, v visited) {
	s, err := t.desk.Standing(v.Visit)
	switch {
	case err != nil || s.Status != bank.AwaitChallenge:
		t.missing(w, v)
	case s.Challenge.QR:
		t.picture(w, picture.QR(reply.Base(v.r)+"/app/"+v.Login))
	case s.Challenge.Image != nil:
		t.picture(w, s.Challenge.Image)
	default:
		t.missing(w, v)
	}
}
