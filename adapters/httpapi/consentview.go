package httpapi

import (
	"time"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type consentView struct {
	ID                  string     `json:"id" example:"cst_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The consent's id."`
	UserID              string     `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Who gave it."`
	ConnectionID        string     `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"For which connection; it may be deleted by now."`
	ProviderID          string     `json:"provider_id" example:"testbank" doc:"At which bank."`
	ChannelDefinitionID string     `json:"channel_definition_id" example:"testbank-web" doc:"Through which channel."`
	Status              string     `json:"status" enum:"PENDING,ACTIVE,EXPIRED,REVOKED,REPLACED,REJECTED" doc:"PENDING until the bank has confirmed it. All but PENDING and ACTIVE are final."`
	Terms               termsView  `json:"terms" doc:"The words that the user agreed to."`
	Scopes              []string   `json:"scopes" example:"ACCOUNTS" doc:"The kinds of data that may be read: ACCOUNTS, BALANCES, TRANSACTIONS."`
	Accounts            []string   `json:"accounts" example:"FR7699991004200000010010180" doc:"The bank's own names of the accounts that it covers; empty where the bank does not say."`
	GivenAt             time.Time  `json:"given_at" doc:"When the user agreed."`
	ConfirmedAt         *time.Time `json:"confirmed_at" doc:"When the bank did."`
	ValidUntil          *time.Time `json:"valid_until" doc:"When it ends by itself; null where it has no end."`
	EndedAt             *time.Time `json:"ended_at" doc:"When it ended."`
	Replaces            *string    `json:"replaces" example:"cst_01j9z3k6f8q2v4x6z8b0d2f4h5" doc:"The consent that it renewed."`
	ReplacedBy          *string    `json:"replaced_by" example:"cst_01j9z3k6f8q2v4x6z8b0d2f4h7" doc:"The consent that renewed it."`
}

type termsView struct {
	Version string `json:"version" example:"client-agreement" doc:"Their version, as the order named it; client-agreement is what the client and its user agreed to by themselves."`
	Locale  string `json:"locale" example:"en" doc:"The language in which they were agreed to."`
}

type wholeConsentView struct {
	consentView
	History []happeningView `json:"history" doc:"All that happened to it, the first thing first."`
}

type happeningView struct {
	Number     int        `json:"number" example:"1" doc:"Rises by one."`
	What       string     `json:"what" enum:"GIVEN,CONFIRMED,SHORTENED,NOTICED,EXPIRED,REVOKED,REPLACED,REJECTED" doc:"What happened."`
	By         string     `json:"by" enum:"USER,CLIENT,BANK,TIME" doc:"Who made it happen."`
	At         time.Time  `json:"at" doc:"When."`
	Scopes     []string   `json:"scopes" example:"ACCOUNTS" doc:"What could be read from then on."`
	ValidUntil *time.Time `json:"valid_until" doc:"Until when."`
	Days       *int       `json:"days" example:"7" doc:"Which notice it was."`
}

type accessView struct {
	ID                string     `json:"id" example:"acs_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The access's id."`
	SynchronizationID *string    `json:"synchronization_id" example:"syn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The run that called; null where none did."`
	Trigger           *string    `json:"trigger" example:"SCHEDULED" doc:"Who asked for that run: CONNECT, MANUAL or SCHEDULED."`
	Operation         string     `json:"operation" enum:"BEGIN,CONTINUE,POLL,RESEND,REFRESH,FETCH,END,REVOKE" doc:"What was asked of the bank."`
	Attended          bool       `json:"attended" doc:"Whether the user was there, and the bank was told so."`
	At                time.Time  `json:"at" doc:"When it was about to be called."`
	EndedAt           *time.Time `json:"ended_at" doc:"When it had answered; null while the call goes on, and where whoever called was lost."`
	Outcome           *string    `json:"outcome" example:"SUCCESS" doc:"SUCCESS, INTERRUPTED, LOST (the process that called was lost, and nobody knows what came of it), or the code of what went wrong."`
}

func showConsent(c *consent.Consent) consentView {
	return consentView{
		ID: string(c.ID), UserID: string(c.UserID), ConnectionID: string(c.ConnectionID), ProviderID: c.ProviderID,
		ChannelDefinitionID: c.ChannelDefinition, Status: string(c.Status), Terms: termsView{c.Terms.Version, c.Terms.Locale},
		Scopes: listed(c.Scopes), Accounts: listed(c.Accounts), GivenAt: instant(c.GivenAt), ConfirmedAt: moment(c.ConfirmedAt), ValidUntil: moment(c.ValidUntil),
		EndedAt: moment(c.EndedAt), Replaces: known(c.Replaces), ReplacedBy: known(c.ReplacedBy),
	}
}

func showWhole(c usecase.Consent) wholeConsentView {
	return wholeConsentView{showConsent(c.Consent), each(c.History, showHappening)}
}

func showHappening(e consent.Entry) happeningView {
	shown := happeningView{
		Number: e.Number, What: string(e.What), By: string(e.By), At: instant(e.At), Scopes: listed(e.Scopes), ValidUntil: moment(e.ValidUntil),
	}
	if e.Days > 0 {
		shown.Days = &e.Days
	}
	return shown
}

func showAccess(a consent.Access) accessView {
	return accessView{
		ID: string(a.ID), SynchronizationID: known(a.SynchronizationID), Trigger: known(a.Trigger), Operation: string(a.Operation),
		Attended: a.Attended, At: instant(a.At), EndedAt: moment(a.EndedAt), Outcome: known(a.Outcome),
	}
}

// listed makes no list an empty one.
func listed(words []string) []string { return append([]string{}, words...) }
