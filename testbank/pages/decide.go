package pages

import (
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// showConfirmation asks the customer whether a log-in was theirs.
func (p *Pages) showConfirmation(w http.ResponseWriter, r *http.Request) {
	approval, err := p.bank.Confirmation(r.PathValue("id"))
	if err != nil {
		p.fail(w, r, err)
		return
	}
	p.show(w, r, http.StatusOK, "confirm.html", view{Title: "Was that you?", Path: reply.Prefix(r) + r.URL.Path, Data: approval})
}

// decideConfirmation takes the customer's answer and sends the browser on, if the log-in said where to.
func (p *Pages) decideConfirmation(w http.ResponseWriter, r *http.Request) {
	if !p.form(w, r) {
		return
	}
	id := r.PathValue("id")
	if _, err := p.bank.Confirmation(id); err != nil {
		p.fail(w, r, err)
		return
	}
	target, err := p.decide(r, id)
	switch {
	case err != nil:
		p.fail(w, r, err)
	case target != "":
		http.Redirect(w, r, target, http.StatusSeeOther)
	default:
		p.show(w, r, http.StatusOK, "message.html", view{Title: "Thank you", Message: "You can close this page."})
	}
}

func (p *Pages) decide(r *http.Request, id string) (string, error) {
	decision := r.PostForm.Get("decision")
	if decision != "approve" && decision != "refuse" {
		return "", &bank.Refusal{Code: bank.InvalidRequest, Message: "Choose approve or refuse."}
	}
	return p.bank.Decide(id, decision == "approve")
}

// phone is what the customer's phone shows.
type phone struct {
	Login     string
	Approvals []bank.Approval
}

func (p *Pages) showPhone(w http.ResponseWriter, r *http.Request) {
	login := r.PathValue("login")
	approvals, known := p.bank.Approvals(login)
	if !known {
		p.fail(w, r, &bank.Refusal{Code: bank.NotFound, Message: "There is no such customer."})
		return
	}
	p.show(w, r, http.StatusOK, "phone.html", view{
		Title: "Requests to approve", Path: reply.Prefix(r) + r.URL.Path, Data: phone{Login: login, Approvals: approvals},
	})
}

// decidePhone decides the named request, or the oldest one when none is named.
func (p *Pages) decidePhone(w http.ResponseWriter, r *http.Request) {
	if !p.form(w, r) {
		return
	}
	approvals, _ := p.bank.Approvals(r.PathValue("login"))
	wanted := r.PostForm.Get("request")
	for _, approval := range approvals {
		if wanted != "" && approval.ID != wanted {
			continue
		}
		if _, err := p.decide(r, approval.ID); err != nil {
			p.fail(w, r, err)
			return
		}
		http.Redirect(w, r, reply.Prefix(r)+r.URL.Path, http.StatusSeeOther)
		return
	}
	p.fail(w, r, &bank.Refusal{Code: bank.NotFound, Message: "There is no such request."})
}
