package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/openbanking"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

// dialect is how one bank is spoken with: the contract without its description.
type dialect interface {
	Begin(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error)
	Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error)
	Refresh(ctx context.Context, req sdk.RefreshRequest) (sdk.Ready, error)
	Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error
	End(ctx context.Context, req sdk.EndRequest) error
}

// provider serves the banks of a catalogue. It has no state of its own.
type provider struct {
	banks    []catalogue.Bank
	dialects map[string]dialect
}

// quirks are the deviations that each dialect knows.
var quirks = map[string]catalogue.Quirks{catalogue.BerlinGroup: berlin.Quirks(), catalogue.STET: stet.Quirks(), catalogue.OpenBankingUK: openbanking.Quirks()}

// fromSettings makes the provider from the settings catalogue, the folder with the banks' files, and identities, the
// operator's file (operator.Load).
// Without either it serves no bank: it may be installed before there is one.
func fromSettings(settings serve.Settings) (sdk.Provider, error) {
	if settings.Get("catalogue") == "" && settings.Get("identities") == "" {
		return &provider{}, nil
	}
	folder, err := path(settings, "catalogue")
	if err != nil {
		return nil, err
	}
	banks, err := catalogue.Load(os.DirFS(folder), quirks)
	if err != nil {
		return nil, fmt.Errorf("the setting %q: %w", "catalogue", err)
	}
	file, err := path(settings, "identities")
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(banks))
	for i, bank := range banks {
		ids[i] = bank.ID
	}
	identities, err := operator.Load(file, ids)
	if err != nil {
		return nil, fmt.Errorf("the setting %q: %w", "identities", err)
	}
	return serving(banks, identities, time.Now)
}

// path gives a setting that has to be there.
func path(settings serve.Settings, name string) (string, error) {
	if _, err := settings.Required(name); err != nil {
		return "", err
	}
	return settings.Path(name)
}

func serving(banks []catalogue.Bank, identities operator.Identities, now func() time.Time) (*provider, error) {
	p := &provider{banks: banks, dialects: map[string]dialect{}}
	for _, bank := range banks {
		identity := identities.Of(bank.ID)
		line, err := bankhttp.New(bank, identity)
		if err != nil {
			return nil, err
		}
		if _, err := sdk.ParseMaintenance(bank.Maintenance); err != nil {
			return nil, fmt.Errorf("the bank %s: %w", bank.ID, err)
		}
		if p.dialects[bank.ID], err = speaking(bank, identity, line, now); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// speaking makes the dialect of a bank's standard.
func speaking(bank catalogue.Bank, identity operator.Identity, line *bankhttp.Line, now func() time.Time) (dialect, error) {
	switch bank.Standard {
	case catalogue.STET:
		return &stet.Dialect{Bank: bank, Identity: identity, Line: line, Now: now, Random: rand.Reader}, nil
	case catalogue.OpenBankingUK:
		return openbanking.New(openbanking.Dialect{Bank: bank, Identity: identity, Line: line, Now: now, Random: rand.Reader})
	}
	return &berlin.Dialect{Bank: bank, Identity: identity, Line: line, Now: now, Random: rand.Reader}, nil
}

// Describe lists the banks of the catalogue.
func (p *provider) Describe(context.Context) (sdk.Description, error) {
	out := sdk.Description{Plugin: "psd2", Version: "0.1.0"}
	for _, bank := range p.banks {
		out.Providers = append(out.Providers, describe(bank))
	}
	return out, nil
}

func describe(bank catalogue.Bank) sdk.ProviderInfo {
	maintenance, _ := sdk.ParseMaintenance(bank.Maintenance) // was read before
	channel := sdk.ChannelDefinition{
		ID: channelOf(bank.ID), Type: sdk.Redirect, CredentialFields: fieldsOf(bank),
		Limits: sdk.Limits{
			UnattendedPerDay: bank.Quota.PerDay, HistoryDays: bank.History.Days, ConsentDays: bank.Consent.Days,
			ConsentOutlives: bank.Standard == catalogue.OpenBankingUK && openbanking.Outlives(bank),
		},
	}
	for _, kind := range bank.Accounts.Types {
		channel.AccountTypes = append(channel.AccountTypes, sdk.AccountType(kind))
	}
	return sdk.ProviderInfo{
		ID: bank.ID, Name: bank.Name, Country: bank.Country, LogoURL: bank.Logo, Maintenance: maintenance,
		Channels: []sdk.ChannelDefinition{channel},
	}
}

// fieldsOf is what a bank has to be told beforehand; those of other standards learn on their own page who the user is.
func fieldsOf(bank catalogue.Bank) []sdk.Field {
	if bank.Standard != catalogue.BerlinGroup {
		return nil
	}
	return berlin.Fields(bank)
}

// channelOf is the id of a bank's channel; connections keep it.
func channelOf(bank string) string { return bank + "-psd2" }

// of finds the dialect of a session.
func (p *provider) of(s sdk.Session) (dialect, error) {
	spoken, known := p.dialects[s.ProviderID]
	if !known || s.ChannelID != channelOf(s.ProviderID) {
		return nil, sdk.Fail(sdk.NotSupported, errors.New("not a bank of the catalogue"))
	}
	return spoken, nil
}
