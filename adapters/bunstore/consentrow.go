package bunstore

import (
	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type consentRow struct {
	bun.BaseModel     `bun:"table:consents"`
	ID                ident.Consent    `bun:"id,pk"`
	ClientID          ident.Client     `bun:"client_id"`
	UserID            ident.User       `bun:"user_id"`
	ConnectionID      ident.Connection `bun:"connection_id"`
	ProviderID        string           `bun:"provider_id"`
	ChannelDefinition string           `bun:"channel_definition"`
	Status            consent.Status   `bun:"status"`
	TermsVersion      string           `bun:"terms_version"`
	TermsLocale       string           `bun:"terms_locale"`
	Scopes            text             `bun:"scopes,nullzero"`
	Accounts          text             `bun:"accounts,nullzero"`
	BankID            string           `bun:"bank_id"`
	BankUntil         *int64           `bun:"bank_until"`
	GivenAt           int64            `bun:"given_at"`
	ConfirmedAt       *int64           `bun:"confirmed_at"`
	ValidUntil        *int64           `bun:"valid_until"`
	EndedAt           *int64           `bun:"ended_at"`
	Replaces          ident.Consent    `bun:"replaces"`
	ReplacedBy        ident.Consent    `bun:"replaced_by"`
	Noticed           int              `bun:"noticed"`
	DueAt             *int64           `bun:"due_at"`
	Recorded          int              `bun:"recorded"`
}

func consentRowOf(c *consent.Consent) consentRow {
	return consentRow{
		ID: c.ID, ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ConnectionID, ProviderID: c.ProviderID,
		ChannelDefinition: c.ChannelDefinition, Status: c.Status, TermsVersion: c.Terms.Version, TermsLocale: c.Terms.Locale,
		Scopes: toText(c.Scopes), Accounts: toText(c.Accounts), BankID: c.BankID, BankUntil: known(c.BankUntil), GivenAt: micros(c.GivenAt),
		ConfirmedAt: known(c.ConfirmedAt), ValidUntil: known(c.ValidUntil), EndedAt: known(c.EndedAt), Replaces: c.Replaces,
		ReplacedBy: c.ReplacedBy, Noticed: c.Noticed, DueAt: known(c.DueAt), Recorded: c.Recorded,
	}
}

func (r consentRow) domain() (*consent.Consent, error) {
	c := &consent.Consent{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, ConnectionID: r.ConnectionID, ProviderID: r.ProviderID,
		ChannelDefinition: r.ChannelDefinition, Status: r.Status, Terms: consent.Terms{Version: r.TermsVersion, Locale: r.TermsLocale},
		BankID: r.BankID, BankUntil: knownInstant(r.BankUntil), GivenAt: instant(r.GivenAt), ConfirmedAt: knownInstant(r.ConfirmedAt),
		ValidUntil: knownInstant(r.ValidUntil), EndedAt: knownInstant(r.EndedAt), Replaces: r.Replaces, ReplacedBy: r.ReplacedBy,
		Noticed: r.Noticed, DueAt: knownInstant(r.DueAt), Recorded: r.Recorded,
	}
	var err error
	if c.Scopes, err = fromText[[]string](r.Scopes); err != nil {
		return nil, err
	}
	c.Accounts, err = fromText[[]string](r.Accounts)
	return c, err
}

func (r consentRow) place() store.Key { return keyOf(r.GivenAt, string(r.ID)) }

type entryRow struct {
	bun.BaseModel `bun:"table:consent_entries"`
	ConsentID     ident.Consent     `bun:"consent_id,pk"`
	Number        int               `bun:"number,pk"`
	What          consent.Happening `bun:"what"`
	By            consent.Actor     `bun:"actor"`
	At            int64             `bun:"at"`
	Scopes        text              `bun:"scopes,nullzero"`
	ValidUntil    *int64            `bun:"valid_until"`
	Days          int               `bun:"days"`
}

func entryRowOf(id ident.Consent, e consent.Entry) entryRow {
	return entryRow{
		ConsentID: id, Number: e.Number, What: e.What, By: e.By, At: micros(e.At), Scopes: toText(e.Scopes),
		ValidUntil: known(e.ValidUntil), Days: e.Days,
	}
}

func (r entryRow) domain() (consent.Entry, error) {
	scopes, err := fromText[[]string](r.Scopes)
	return consent.Entry{
		Number: r.Number, What: r.What, By: r.By, At: instant(r.At), Scopes: scopes, ValidUntil: knownInstant(r.ValidUntil), Days: r.Days,
	}, err
}
