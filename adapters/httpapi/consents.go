package httpapi

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type renewal struct {
	TermsVersion string `json:"terms_version,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9._-]*$" example:"2026-03" doc:"The words that the user agrees to now; those of before unless given."`
}

type (
	consentPath struct {
		ID string `path:"id" doc:"A consent's id." example:"cst_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	oneConsent        struct{ Body wholeConsentView }
	consentList       struct{ Body list[consentView] }
	accessList        struct{ Body list[accessView] }
	listConsentsInput struct {
		PageParams
		UserParam
		ConnectionID string `query:"connection_id" doc:"Only those of this connection."`
		Status       string `query:"status" enum:"PENDING,ACTIVE,EXPIRED,REVOKED,REPLACED,REJECTED" doc:"Only those with this status."`
	}
	listAccessesInput struct {
		PageParams
		ID string `path:"id" doc:"A consent's id." example:"cst_01j9z3k6f8q2v4x6z8b0d2f4h6"`
	}
	renewConsentInput struct {
		Attended
		ID   string `path:"id" doc:"A consent's id." example:"cst_01j9z3k6f8q2v4x6z8b0d2f4h6"`
		Body *renewal
	}
)

func (a api) consents() {
	add(a, operation{
		ID: "list-consents", Method: http.MethodGet, Path: "/v1/consents", Tag: tagConsents,
		Summary: "List consents", Text: "Newest first, those that have ended included, also of connections that were deleted.",
		Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.listConsents)
	add(a, operation{
		ID: "get-consent", Method: http.MethodGet, Path: "/v1/consents/{id}", Tag: tagConsents, Tagged: true,
		Summary: "Get a consent", Text: "With all that happened to it. History is only ever added to.",
		Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.getConsent)
	add(a, operation{
		ID: "list-consent-accesses", Method: http.MethodGet, Path: "/v1/consents/{id}/accesses", Tag: tagConsents,
		Summary: "List the accesses under a consent", Text: "Every call of the bank, newest first. An access is written down before the call is made, and kept for 400 days.",
		Who: holding(client.ConnectionsRead), Errors: []int{http.StatusNotFound},
	}, a.listAccesses)
	add(a, operation{
		ID: "revoke-consent", Method: http.MethodPost, Path: "/v1/consents/{id}/revoke", Tag: tagConsents,
		Summary: "Revoke a consent",
		Text: "From then on the bank is not asked any more, and what the channel read with is forgotten; a synchronization at work on the connection is cancelled. " +
			"The bank is told as soon as it can be reached. What was read stays. A consent that has ended is answered as it is.",
		Who: holding(client.ConnectionsManage), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.revokeConsent)
	add(a, operation{
		ID: "renew-consent", Method: http.MethodPost, Path: "/v1/consents/{id}/renew", Tag: tagConsents, Status: http.StatusAccepted,
		Creates: true, Summary: "Renew a consent",
		Text: "Starts a synchronization at which the user, who has to be there, agrees at the bank anew: 409 user_absent without. The consent stands until the bank " +
			"has confirmed the new one; if that does not happen, nothing has changed. 409 consent_superseded where the channel reads under another one already.",
		Worded: true, Who: holding(client.ConnectionsSync), Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, a.renewConsent)
}

func (a api) listConsents(ctx context.Context, p usecase.Principal, in *listConsentsInput) (*consentList, error) {
	p, err := a.reach(ctx, p, in.UserID)
	if err != nil {
		return nil, err
	}
	l := newListing("consents", p, in.ConnectionID, in.Status)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	filter := store.ConsentFilter{Connection: ident.Connection(in.ConnectionID), Status: consent.Status(in.Status)}
	slice, err := a.Consents.List(ctx, p, filter, page)
	return &consentList{listOf(l, slice, showConsent)}, err
}

func (a api) getConsent(ctx context.Context, p usecase.Principal, in *consentPath) (*oneConsent, error) {
	found, err := a.Consents.Get(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneConsent{showWhole(found)}, nil
}

func (a api) listAccesses(ctx context.Context, p usecase.Principal, in *listAccessesInput) (*accessList, error) {
	l := newListing("accesses", p, in.ID)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Consents.Accesses(ctx, p, in.ID, page)
	return &accessList{listOf(l, slice, showAccess)}, err
}

func (a api) revokeConsent(ctx context.Context, p usecase.Principal, in *consentPath) (*oneConsent, error) {
	revoked, err := a.Consents.Revoke(ctx, p, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneConsent{showWhole(revoked)}, nil
}

func (a api) renewConsent(ctx context.Context, p usecase.Principal, in *renewConsentInput) (*madeSynchronization, error) {
	p, err := in.with(ctx, p)
	if err != nil {
		return nil, err
	}
	terms := ""
	if in.Body != nil {
		terms = in.Body.TermsVersion
	}
	run, err := a.Consents.Renew(ctx, p, in.ID, terms)
	if err != nil {
		return nil, err
	}
	return &madeSynchronization{"/v1/synchronizations/" + string(run.ID), runIn(p.Locale)(run)}, nil
}
