package xs2a

import (
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// authorisation is the only one that a consent here has.
const authorisation = "1"

// stand is what leads on from where a consent is.
type stand struct {
	x                             *Interface
	r                             *http.Request
	agreed                        bank.Agreement
	redirect, decoupled, explicit bool
}

// begins gives the approach and the first links of a consent.
func (s stand) begins() (approach string, links map[string]any) {
	status := href(s.x.path(s.r, s.agreed.ID, "authorisations", authorisation))
	switch {
	case s.decoupled:
		return "DECOUPLED", map[string]any{"scaStatus": status}
	case !s.redirect:
		return "EMBEDDED", map[string]any{"startAuthorisationWithPsuAuthentication": href(s.x.path(s.r, s.agreed.ID, "authorisations"))}
	case s.x.bank.File.Bank.OAuth == config.OAuthIntegrated:
		return "REDIRECT", map[string]any{"scaOAuth": href(reply.Base(s.r) + metadataPath), "scaStatus": status}
	case s.explicit:
		return "REDIRECT", map[string]any{"startAuthorisation": href(s.x.path(s.r, s.agreed.ID, "authorisations"))}
	}
	return "REDIRECT", map[string]any{"scaRedirect": href(thirdparty.Page(s.x.bank, s.r, s.agreed.ID)), "scaStatus": status}
}

// startAuthorisation takes the password of the embedded approach, or begins the redirect that was to be asked for.
func (x *Interface) startAuthorisation(w http.ResponseWriter, r *http.Request, who caller) {
	agreed, ok := x.known(w, r, who)
	if !ok {
		return
	}
	var body struct {
		PSU struct {
			Password string `json:"password"`
		} `json:"psuData"`
	}
	if err := strict(who.body, &body); err != nil {
		fail(w, formatError("The body is to be {} or psuData."))
		return
	}
	if body.PSU.Password == "" {
		s := stand{x: x, r: r, agreed: agreed, redirect: true}
		approach, links := s.begins()
		w.Header().Set("ASPSP-SCA-Approach", approach)
		reply.JSON(w, http.StatusCreated, map[string]any{"scaStatus": "received", "authorisationId": authorisation, "_links": links})
		return
	}
	consent, err := x.bank.Prove(agreed.ID, r.Header.Get("PSU-ID"), body.PSU.Password)
	if err != nil {
		x.failWith(w, err)
		return
	}
	w.Header().Set("ASPSP-SCA-Approach", "EMBEDDED")
	x.goOn(w, r, http.StatusCreated, consent)
}

// updateAuthorisation takes the choice of a method, or the code.
func (x *Interface) updateAuthorisation(w http.ResponseWriter, r *http.Request, who caller) {
	agreed, ok := x.known(w, r, who)
	if !ok {
		return
	}
	var body struct {
		Method       string `json:"authenticationMethodId"`
		Code         string `json:"scaAuthenticationData"`
		Confirmation string `json:"confirmationCode"`
	}
	err := strict(who.body, &body)
	if err == nil && body.Confirmation != "" && body.Method+body.Code == "" {
		x.confirm(w, r, who, body.Confirmation)
		return
	}
	if err != nil || (body.Method == "") == (body.Code == "") {
		fail(w, formatError("The body is to be one of authenticationMethodId, scaAuthenticationData and confirmationCode."))
		return
	}
	consent, err := x.bank.ConsentAnswer(agreed.ID, bank.Answer{Code: body.Code, Option: body.Method})
	if err != nil {
		x.failWith(w, err)
		return
	}
	x.goOn(w, r, http.StatusOK, consent)
}

// confirm takes the code of the bank's page. The standard answers a wrong one with what became of the authorisation.
func (x *Interface) confirm(w http.ResponseWriter, r *http.Request, who caller, code string) {
	id := r.PathValue("id")
	err := x.bank.Confirm(id, who.id, code)
	var refusal *bank.Refusal
	status := "finalised"
	switch {
	case errors.As(err, &refusal) && refusal.Code == bank.WrongCode:
		status = "failed"
	case err != nil:
		x.failWith(w, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{"scaStatus": status, "_links": map[string]any{"status": href(x.path(r, id, "status"))}})
}

// goOn says what the embedded approach asks next; a customer who has proven to be the customer has agreed.
func (x *Interface) goOn(w http.ResponseWriter, r *http.Request, status int, c bank.Consent) {
	here := href(x.path(r, c.ID, "authorisations", authorisation))
	body := map[string]any{"scaStatus": "finalised", "authorisationId": authorisation, "_links": map[string]any{"scaStatus": here}}
	switch {
	case c.Stage == bank.StageAccounts:
		if err := x.bank.GrantAll(c.ID); err != nil {
			x.failWith(w, err)
			return
		}
	case c.Challenge.Kind == config.ChallengeOptions:
		methods := []map[string]string{}
		for _, o := range c.Challenge.Options {
			methods = append(methods, map[string]string{"authenticationType": "SMS_OTP", "authenticationMethodId": o.Value, "name": o.Label})
		}
		body["scaStatus"], body["scaMethods"] = "psuAuthenticated", methods
		body["_links"] = map[string]any{"selectAuthenticationMethod": here, "scaStatus": here}
	case c.Challenge.Kind == config.ChallengeApproval:
		body["scaStatus"], body["psuMessage"] = "started", "Please approve on your phone."
	default:
		kind := "SMS_OTP"
		data := map[string]any{"additionalInformation": "Sent to " + c.Challenge.Medium}
		if c.Challenge.Question != "" {
			data["additionalInformation"] = c.Challenge.Question
		}
		if c.Challenge.Image != nil {
			kind, data["image"] = "PHOTO_OTP", base64.StdEncoding.EncodeToString(c.Challenge.Image)
		}
		body["scaStatus"], body["challengeData"] = "scaMethodSelected", data
		body["chosenScaMethod"] = map[string]string{"authenticationType": kind, "authenticationMethodId": "1", "name": c.Challenge.Medium}
		body["_links"] = map[string]any{"authoriseTransaction": here, "scaStatus": here}
	}
	reply.JSON(w, status, body)
}

// readAuthorisation tells how it stands; an approval on the phone goes on by being asked for.
func (x *Interface) readAuthorisation(w http.ResponseWriter, r *http.Request, who caller) {
	agreed, ok := x.known(w, r, who)
	if !ok {
		return
	}
	if agreed.Stage == bank.StageChallenge {
		consent, err := x.bank.Consent(agreed.ID)
		if err == nil && consent.Stage == bank.StageAccounts && x.phoned(agreed) {
			err = x.bank.GrantAll(agreed.ID)
		}
		if err != nil {
			reply.JSON(w, http.StatusOK, map[string]any{"scaStatus": "failed"})
			return
		}
		agreed, _ = x.bank.Agreement(agreed.ID, who.id)
	}
	if agreed.Stage == bank.StageUnconfirmed {
		here := href(x.path(r, agreed.ID, "authorisations", authorisation))
		reply.JSON(w, http.StatusOK, map[string]any{"scaStatus": "unconfirmed", "_links": map[string]any{"confirmation": here}})
		return
	}
	status := "started"
	switch statusOf(agreed) {
	case "rejected":
		status = "failed"
	case "received":
	default:
		status = "finalised"
	}
	reply.JSON(w, http.StatusOK, map[string]any{"scaStatus": status})
}

// phoned says that the challenge was on a phone: on the bank's page the customer still chooses the accounts.
func (x *Interface) phoned(a bank.Agreement) bool {
	return a.Challenge != nil && a.Challenge.Kind == config.ChallengeApproval && !a.OnPage
}
