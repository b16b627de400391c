package xs2a

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// consentBody is the request of the standard; every property is mandatory.
type consentBody struct {
	Access struct {
		AllPsd2      string            `json:"allPsd2"`
		List         string            `json:"availableAccounts"`
		WithBalance  string            `json:"availableAccountsWithBalance"`
		Accounts     []json.RawMessage `json:"accounts"`
		Balances     []json.RawMessage `json:"balances"`
		Transactions []json.RawMessage `json:"transactions"`
	} `json:"access"`
	Recurring  *bool  `json:"recurringIndicator"`
	ValidUntil string `json:"validUntil"`
	Frequency  *int   `json:"frequencyPerDay"`
	Combined   *bool  `json:"combinedServiceIndicator"`
}

func strict(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// accounts are the IBANs of a detailed consent; none where the customer is to choose. Another kind of reference is refused.
func (b consentBody) accounts() (ibans []string, ok bool) {
	for _, list := range [][]json.RawMessage{b.Access.Accounts, b.Access.Balances, b.Access.Transactions} {
		for _, item := range list {
			var reference struct {
				IBAN     string `json:"iban"`
				Currency string `json:"currency"`
			}
			if strict(item, &reference) != nil || reference.IBAN == "" {
				return nil, false
			}
			ibans = append(ibans, reference.IBAN)
		}
	}
	return ibans, true
}

// model reports whether the access is asked for in exactly one of the standard's ways.
func (b consentBody) model() bool {
	a, ways := b.Access, 0
	for _, all := range []string{a.AllPsd2, a.List, a.WithBalance} {
		switch all {
		case "allAccounts", "allAccountsWithOwnerName":
			ways++
		case "":
		default:
			return false
		}
	}
	if a.Accounts != nil {
		ways++
	}
	return ways == 1
}

// request reads what is asked for.
func (x *Interface) request(r *http.Request, who caller) (bank.Request, *problem) {
	var body consentBody
	if err := strict(who.body, &body); err != nil || body.Recurring == nil || body.Frequency == nil || body.Combined == nil || *body.Frequency < 1 {
		wrong := formatError("The body is to be a consent request.")
		return bank.Request{}, &wrong
	}
	until, err := time.Parse(time.DateOnly, body.ValidUntil)
	if err != nil || until.Before(x.bank.Today()) {
		wrong := formatError("validUntil is to be a day to come.")
		return bank.Request{}, &wrong
	}
	if !body.model() {
		wrong := formatError("access is to be allPsd2, a list of what is available, or lists of accounts.")
		return bank.Request{}, &wrong
	}
	ibans, ok := body.accounts()
	if !ok {
		wrong := formatError("Accounts are to be named by their IBAN.")
		return bank.Request{}, &wrong
	}
	if !*body.Recurring && *body.Frequency != 1 {
		wrong := formatError("A consent for one access has the frequency 1.")
		return bank.Request{}, &wrong
	}
	if r.Header.Get("PSU-IP-Address") == "" {
		wrong := formatError("PSU-IP-Address is mandatory here.")
		return bank.Request{}, &wrong
	}
	no := r.Header.Get("TPP-Nok-Redirect-URI")
	if no == "" {
		no = r.Header.Get("TPP-Redirect-URI")
	}
	return bank.Request{
		ThirdParty: who.id, ReturnURL: r.Header.Get("TPP-Redirect-URI"), RefuseURL: no, ValidUntil: until, Recurring: *body.Recurring, IBANs: ibans,
		List: body.Access.List+body.Access.WithBalance != "", Balances: body.Access.WithBalance != "",
		Tokens: x.bank.File.Bank.OAuth != config.OAuthNone,
	}, nil
}

func (x *Interface) createConsent(w http.ResponseWriter, r *http.Request, who caller) {
	request, wrong := x.request(r, who)
	if wrong != nil {
		fail(w, *wrong)
		return
	}
	redirect := r.Header.Get("TPP-Redirect-Preferred") != "false" || r.Header.Get("PSU-ID") == ""
	if redirect && request.ReturnURL == "" {
		fail(w, formatError("TPP-Redirect-URI is mandatory here."))
		return
	}
	if x.bank.File.Bank.OAuth == config.OAuthPreStep {
		if request.Customer = x.bank.Customer(reply.Bearer(r), who.id); request.Customer == "" {
			x.tokenFirst(w, r)
			return
		}
	}
	if redirect && x.bank.File.Bank.OAuth != config.OAuthIntegrated {
		request.Confirm = x.bank.File.Bank.Confirmation
	}
	asked, err := x.bank.Ask(request)
	if err != nil {
		fail(w, formatError("TPP-Redirect-URI is to be an absolute address."))
		return
	}
	s := stand{x: x, r: r, agreed: asked, redirect: redirect}
	if !redirect && x.phone(r.Header.Get("PSU-ID")) {
		if _, err := x.bank.Identify(asked.ID, r.Header.Get("PSU-ID")); err != nil {
			x.failWith(w, err)
			return
		}
		s.decoupled = true
	}
	s.explicit = r.Header.Get("TPP-Explicit-Authorisation-Preferred") == "true"
	approach, links := s.begins()
	links["self"], links["status"] = href(x.path(r, asked.ID)), href(x.path(r, asked.ID, "status"))
	w.Header().Set("Location", reply.Base(r)+"/xs2a/v1/consents/"+asked.ID)
	w.Header().Set("ASPSP-SCA-Approach", approach)
	body := map[string]any{"consentStatus": "received", "consentId": asked.ID, "_links": links}
	if s.decoupled {
		body["psuMessage"] = "Please approve on your phone."
	}
	reply.JSON(w, http.StatusCreated, body)
}

// tokenFirst says where to get the token without which no consent can be asked for.
func (x *Interface) tokenFirst(w http.ResponseWriter, r *http.Request) {
	reply.JSON(w, http.StatusUnauthorized, map[string]any{
		"tppMessages": []map[string]string{{"category": "ERROR", "code": "TOKEN_UNKNOWN", "text": "The customer's token comes first."}},
		"_links":      map[string]any{"scaOAuth": href(reply.Base(r) + metadataPath)},
	})
}

// phone says whether a customer approves on a phone.
func (x *Interface) phone(login string) bool {
	for _, p := range x.bank.File.Personas {
		if p.Login == login {
			return p.Challenge.Kind == config.ChallengeApproval
		}
	}
	return false
}

// known reads a consent of the caller.
func (x *Interface) known(w http.ResponseWriter, r *http.Request, who caller) (bank.Agreement, bool) {
	agreed, err := x.bank.Agreement(r.PathValue("id"), who.id)
	if err != nil {
		fail(w, consentUnknown)
	}
	return agreed, err == nil
}

// statusOf is a consent in the standard's words.
func statusOf(a bank.Agreement) string {
	switch {
	case a.Stage == bank.StageRefused:
		return "rejected"
	case a.Over && a.Consent.ValidUntil.IsZero():
		return "rejected" // nobody came in time
	case a.Over:
		return "expired"
	case a.Stage == bank.StageRevoked:
		return "terminatedByTpp"
	case a.Stage == bank.StageGranted:
		return "valid"
	}
	return "received"
}

func (x *Interface) consentStatus(w http.ResponseWriter, r *http.Request, who caller) {
	if agreed, ok := x.known(w, r, who); ok {
		reply.JSON(w, http.StatusOK, map[string]any{"consentStatus": statusOf(agreed)})
	}
}

func (x *Interface) readConsent(w http.ResponseWriter, r *http.Request, who caller) {
	agreed, ok := x.known(w, r, who)
	if !ok {
		return
	}
	references := []map[string]string{}
	for _, a := range agreed.Accounts {
		reference := map[string]string{"currency": a.Currency}
		switch {
		case a.IBAN != "":
			reference["iban"] = a.IBAN
		case a.Type == config.CreditCard:
			reference["maskedPan"] = a.Number
		default:
			reference["bban"] = a.Number
		}
		references = append(references, reference)
	}
	until := agreed.Consent.ValidUntil
	if until.IsZero() {
		until = agreed.Request.ValidUntil
	}
	access := map[string]any{"accounts": references, "balances": references, "transactions": references}
	switch {
	case agreed.Balances:
		access = map[string]any{"availableAccountsWithBalance": "allAccounts"}
	case agreed.List:
		access = map[string]any{"availableAccounts": "allAccounts"}
	}
	reply.JSON(w, http.StatusOK, map[string]any{
		"access":             access,
		"recurringIndicator": agreed.Recurring, "validUntil": until.Format(time.DateOnly), "frequencyPerDay": 4,
		"lastActionDate": agreed.Acted.Format(time.DateOnly), "consentStatus": statusOf(agreed),
		"_links": map[string]any{"account": href(reply.Prefix(r) + "/xs2a/v1/accounts")},
	})
}

func (x *Interface) deleteConsent(w http.ResponseWriter, r *http.Request, who caller) {
	err := x.bank.Terminate(r.PathValue("id"), who.id, reply.Bearer(r))
	var refusal *bank.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Code == bank.NotFound:
		fail(w, consentUnknown)
		return
	case err != nil:
		x.failWith(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// path is a link below a consent, from the root of the host.
func (x *Interface) path(r *http.Request, id string, more ...string) string {
	path := reply.Prefix(r) + "/xs2a/v1/consents/" + id
	for _, segment := range more {
		path += "/" + segment
	}
	return path
}

func href(address string) map[string]string { return map[string]string{"href": address} }
