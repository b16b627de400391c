package pages

import (
	"errors"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/picture"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// approvalRefresh is how often, in seconds, the page asks whether the phone has approved.
const approvalRefresh = 3

// showConsent shows the step that the consent is at.
func (p *Pages) showConsent(w http.ResponseWriter, r *http.Request) {
	consent, err := p.bank.Consent(r.PathValue("id"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	p.consentPage(w, r, http.StatusOK, consent, nil)
}

// stepConsent takes one step and shows the next one, or leaves for the third party.
func (p *Pages) stepConsent(w http.ResponseWriter, r *http.Request) {
	if !p.form(w, r) {
		return
	}
	id := r.PathValue("id")
	if decision := r.PostForm.Get("decision"); decision != "" {
		p.leave(w, r, decision)
		return
	}
	consent, err := p.bank.Consent(id)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	switch {
	case consent.Stage == bank.StageLogIn:
		login := r.PostForm.Get("login")
		_, err = p.bank.ConsentLogIn(id, login, r.PostForm.Get("password"))
		if p.bank.Delay(r.Context(), login) != nil {
			return
		}
	case consent.Stage == bank.StageChallenge && consent.Challenge.Kind != config.ChallengeApproval:
		_, err = p.bank.ConsentAnswer(id, bank.Answer{Code: r.PostForm.Get("code"), Option: r.PostForm.Get("option")})
	}
	if err != nil {
		p.again(w, r, id, err)
		return
	}
	// After a step the browser is sent to the page, so that going back or reloading posts nothing twice.
	http.Redirect(w, r, reply.Prefix(r)+r.URL.Path, http.StatusSeeOther)
}

// again shows the same step with what was wrong; where no step is left, only that.
func (p *Pages) again(w http.ResponseWriter, r *http.Request, id string, cause error) {
	consent, err := p.bank.Consent(id)
	if err != nil {
		p.fail(w, r, err)
		return
	}
	p.consentPage(w, r, http.StatusOK, consent, cause)
}

// consentImage shows the picture that the consent's challenge asks about.
func (p *Pages) consentImage(w http.ResponseWriter, r *http.Request) {
	consent, err := p.bank.Consent(r.PathValue("id"))
	if err != nil || consent.Challenge == nil || consent.Challenge.Image == nil {
		reply.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", picture.MediaType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(consent.Challenge.Image) // a browser that is gone is told nothing
}

// leave ends the consent with a yes or a no and sends the browser back to the third party.
func (p *Pages) leave(w http.ResponseWriter, r *http.Request, decision string) {
	id := r.PathValue("id")
	var target string
	var err error
	switch decision {
	case "approve":
		target, err = p.bank.Grant(id, r.PostForm["accounts"])
	case "refuse":
		target, err = p.bank.Refuse(id)
	default:
		err = &bank.Refusal{Code: bank.InvalidRequest, Message: "Choose approve or refuse."}
	}
	var refusal *bank.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Code == bank.InvalidRequest:
		p.again(w, r, id, err)
	case err != nil:
		p.fail(w, r, err)
	case p.shows(w, r, id, target):
	default:
		http.Redirect(w, r, target, http.StatusSeeOther)
	}
}

// shows the code with which a third party confirms a consent, where this bank has the customer carry it.
func (p *Pages) shows(w http.ResponseWriter, r *http.Request, id, target string) bool {
	consent, err := p.bank.Consent(id)
	if err != nil || consent.Code == "" {
		return false
	}
	p.show(w, r, http.StatusOK, "confirmation.html", view{Title: "Confirm", Data: struct{ Code, Return string }{consent.Code, target}})
	return true
}

func (p *Pages) consentPage(w http.ResponseWriter, r *http.Request, status int, c bank.Consent, problem error) {
	v := view{Path: reply.Prefix(r) + "/redirect/authorize/" + c.ID, Data: c}
	if problem != nil {
		v.Message, v.Mend = message(problem), mendingPage(problem)
	}
	switch {
	case c.Stage == bank.StageLogIn:
		v.Title = "Log in"
		p.show(w, r, status, "login.html", v)
	case c.Stage == bank.StageChallenge && c.Challenge.Kind == config.ChallengeSMSCode:
		v.Title = "Enter your code"
		p.show(w, r, status, "code.html", v)
	case c.Stage == bank.StageChallenge && c.Challenge.Kind == config.ChallengeOptions:
		v.Title = "Make your choice"
		p.show(w, r, status, "options.html", v)
	case c.Stage == bank.StageChallenge && c.Challenge.Kind == config.ChallengeImage:
		v.Title = "Read the picture"
		p.show(w, r, status, "image.html", v)
	case c.Stage == bank.StageChallenge && c.Challenge.Kind == config.ChallengeQuestion:
		v.Title = "Answer your question"
		p.show(w, r, status, "question.html", v)
	case c.Stage == bank.StageChallenge:
		v.Title, v.Refresh = "Approve in your app", approvalRefresh
		p.show(w, r, status, "approval.html", v)
	case c.Stage == bank.StageAccounts:
		v.Title = "Share your accounts"
		p.show(w, r, status, "accounts.html", v)
	default:
		v.Title, v.Message = "Done", "You have decided already. You can close this page."
		p.show(w, r, status, "message.html", v)
	}
}
