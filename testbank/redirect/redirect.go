// Package redirect owns the bank's small API for third parties: a consent that the customer gives on the bank's page,
// and the tokens that follow from it. It decides nothing; the pages themselves are in package pages, and the data is
// read through package portal with the access token.
//
//	POST /redirect/consents {"return_url": "https://...", "state": "..."}
//	  Answers 201 {"consent_id": "cst_...", "url": the bank's page for the customer's browser, "expires_at": "..."}.
//	  In the end the page sends the browser to return_url?state=...&code=... or ?state=...&error=access_denied.
//
//	GET /redirect/consents/{consent_id}
//	  Answers {"consent_id", "status", "valid_until"}; status is PENDING, GRANTED, REFUSED, REVOKED or EXPIRED.
//
//	POST /redirect/token {"code": "cod_..."} or {"refresh_token": "ref_..."}
//	  Each works once. Answers {"access_token", "refresh_token", "token_type", "expires_in" (seconds), "consent_id",
//	  "accounts" (ids), "consent_valid_until"}. Errors: invalid_grant 400, consent_expired 401.
//
//	DELETE /redirect/consents/{consent_id}, with "Authorization: Bearer TOKEN"
//	  Revokes it, by its access or refresh token. Answers 204.
//
// The consent covers payment accounts only: CHECKINGS and CREDIT_CARD.
package redirect

import (
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
)

// API serves consents and tokens.
type API struct{ bank *bank.Bank }

// Mount adds the API's routes.
func Mount(mux *http.ServeMux, b *bank.Bank) {
	a := &API{bank: b}
	mux.HandleFunc("POST /redirect/consents", a.open)
	mux.HandleFunc("GET /redirect/consents/{id}", a.status)
	mux.HandleFunc("DELETE /redirect/consents/{id}", a.revoke)
	mux.HandleFunc("POST /redirect/token", a.token)
}

func (a *API) open(w http.ResponseWriter, r *http.Request) {
	var body struct {
		ReturnURL string `json:"return_url"`
		State     string `json:"state"`
	}
	if err := reply.Read(w, r, &body); err != nil {
		reply.Error(w, r, err)
		return
	}
	consent, err := a.bank.OpenConsent(body.ReturnURL, body.State)
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	reply.JSON(w, http.StatusCreated, map[string]any{
		"consent_id": consent.ID, "url": reply.Base(r) + "/redirect/authorize/" + consent.ID,
		"expires_at": consent.ExpiresAt.UTC(),
	})
}

func (a *API) status(w http.ResponseWriter, r *http.Request) {
	status, validUntil, err := a.bank.ConsentStatus(r.PathValue("id"))
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	body := map[string]any{"consent_id": r.PathValue("id"), "status": status}
	if !validUntil.IsZero() {
		body["valid_until"] = validUntil.Format(time.DateOnly)
	}
	reply.JSON(w, http.StatusOK, body)
}

func (a *API) revoke(w http.ResponseWriter, r *http.Request) {
	if err := a.bank.Revoke(r.PathValue("id"), reply.Bearer(r)); err != nil {
		reply.Error(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) token(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Code         string `json:"code"`
		RefreshToken string `json:"refresh_token"`
	}
	err := reply.Read(w, r, &body)
	var tokens bank.Tokens
	switch {
	case err != nil:
	case (body.Code == "") == (body.RefreshToken == ""):
		err = &bank.Refusal{Code: bank.InvalidRequest, Message: "Send either code or refresh_token."}
	case body.Code != "":
		tokens, err = a.bank.Exchange(body.Code)
	default:
		tokens, err = a.bank.Renew(body.RefreshToken)
	}
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	reply.JSON(w, http.StatusOK, map[string]any{
		"access_token": tokens.Access, "refresh_token": tokens.Refresh, "token_type": "Bearer",
		"expires_in": int(tokens.ExpiresIn.Seconds()), "consent_id": tokens.ConsentID,
		"accounts": tokens.Accounts, "consent_valid_until": tokens.ValidUntil.Format(time.DateOnly),
	})
}
