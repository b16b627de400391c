package httpapi

import (
	"context"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const cst = "cst_00000000000000000000000009"

func sampleConsent() *consent.Consent {
	return &consent.Consent{
		ID: cst, ClientID: sampleClient, UserID: usr, ConnectionID: con, ProviderID: "oak", ChannelDefinition: "oak-web", Status: consent.Replaced,
		Terms: consent.Terms{Version: "2026-03", Locale: "fr"}, Scopes: []string{"ACCOUNTS"}, Accounts: []string{"FR76"}, GivenAt: noon,
		ConfirmedAt: noon, ValidUntil: noon, EndedAt: noon, Replaces: cst, ReplacedBy: cst,
	}
}

func bareConsent() *consent.Consent {
	return &consent.Consent{ID: cst, ClientID: sampleClient, UserID: usr, ConnectionID: con, ProviderID: "oak", ChannelDefinition: "oak-web", Status: consent.Pending, GivenAt: noon}
}

func wholeConsent() usecase.Consent {
	return usecase.Consent{Consent: sampleConsent(), History: []consent.Entry{
		{Number: 1, What: consent.Given, By: consent.ByClient, At: noon},
		{Number: 2, What: consent.Noticed, By: consent.ByTime, At: noon, Scopes: []string{"ACCOUNTS"}, ValidUntil: noon, Days: 7},
	}}
}

func consentExamples() []example {
	read, manage, sync := []client.Scope{client.ConnectionsRead}, []client.Scope{client.ConnectionsManage}, []client.Scope{client.ConnectionsSync}
	return []example{
		{"list-consents", "GET", "/v1/consents?limit=500&user_id=" + usr + "&connection_id=" + con + "&status=ACTIVE", "", 200, read, read, false},
		{"get-consent", "GET", "/v1/consents/" + cst, "", 200, read, read, false},
		{"list-consent-accesses", "GET", "/v1/consents/" + cst + "/accesses?limit=2", "", 200, read, read, false},
		{"revoke-consent", "POST", "/v1/consents/" + cst + "/revoke", "", 200, manage, manage, false},
		{"renew-consent", "POST", "/v1/consents/" + cst + "/renew", `{"terms_version":"2026-03"}`, 202, sync, sync, false},
	}
}

type fakeConsents struct{ *world }

func (f fakeConsents) Get(_ context.Context, p usecase.Principal, id string) (usecase.Consent, error) {
	return wholeConsent(), f.note(p, "consent", id)
}

func (f fakeConsents) List(_ context.Context, p usecase.Principal, filter store.ConsentFilter, page store.Page) (store.Slice[*consent.Consent], error) {
	return store.Slice[*consent.Consent]{Items: []*consent.Consent{sampleConsent(), bareConsent()}, Next: f.more}, f.note(p, "consents", [2]any{filter, page})
}

func (f fakeConsents) Accesses(_ context.Context, p usecase.Principal, id string, page store.Page) (store.Slice[consent.Access], error) {
	full := consent.Access{ID: "acs_00000000000000000000000001", SynchronizationID: syn, Trigger: "MANUAL", Operation: consent.Fetch, Attended: true, At: noon, EndedAt: noon, Outcome: consent.Succeeded}
	bare := consent.Access{ID: "acs_00000000000000000000000002", Operation: consent.Revoke, At: noon}
	return store.Slice[consent.Access]{Items: []consent.Access{full, bare}, Next: f.more}, f.note(p, "accesses", [2]any{id, page})
}

func (f fakeConsents) Revoke(_ context.Context, p usecase.Principal, id string) (usecase.Consent, error) {
	return wholeConsent(), f.note(p, "revoke", id)
}

func (f fakeConsents) Renew(_ context.Context, p usecase.Principal, id, terms string) (*synchronization.Synchronization, error) {
	return sampleRun(), f.note(p, "renew", [2]any{id, terms})
}
