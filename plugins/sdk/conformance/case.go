package conformance

import (
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Case is one log-in at one channel that the suite may use as often as it likes.
type Case struct {
	Name       string
	ProviderID string
	ChannelID  string
	// Credentials open a session.
	Credentials sdk.Secrets
	// Wrong are credentials that the bank refuses; nil where there is no such
	// thing, as for REDIRECT.
	Wrong sdk.Secrets
	// Answer answers a challenge of this log-in. For a DECOUPLED one it may make
	// the bank approve and return nil: the suite then polls. It is needed only
	// where the bank challenges.
	Answer func(sdk.Challenge) sdk.Secrets
	// Since is the first day asked for; empty asks for all there is.
	Since sdk.Day
	// Until is the last day asked for.
	Until sdk.Day
	// IsDebit says which rows are known to be debits; when nil, those of type
	// ATM, DEBIT, DIRECT_DEBIT and STANDING_ORDER.
	IsDebit func(sdk.Transaction) bool
}

func (c Case) session(id string) sdk.Session {
	return sdk.Session{ID: id, ProviderID: c.ProviderID, ChannelID: c.ChannelID, Locale: "en"}
}

func (c Case) begin(session string) sdk.BeginRequest {
	return sdk.BeginRequest{
		Session: c.session(session), PSU: present(), Credentials: c.Credentials,
		ReturnURL: "http://127.0.0.1:1/connect/return", ReturnState: "state-" + session,
	}
}

func (c Case) fetch(session string, ready sdk.Ready) sdk.FetchRequest {
	return sdk.FetchRequest{
		Session: c.session(session), PSU: present(), Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets,
		Window: sdk.Window{Default: c.Since, To: c.Until},
	}
}

func (c Case) isDebit(row sdk.Transaction) bool {
	if c.IsDebit != nil {
		return c.IsDebit(row)
	}
	switch row.Type {
	case sdk.TypeATM, sdk.TypeDebit, sdk.TypeDirectDebit, sdk.TypeStandingOrder:
		return true
	}
	return false
}

func present() *sdk.PSU { return &sdk.PSU{IP: "192.0.2.1", UserAgent: "conformance"} }
