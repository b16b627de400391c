package main

import (
	"context"
	_ "embed" // the logo
	"fmt"
	"net/url"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

// The ids are in connections for ever.
const (
	providerID      = "testbank"
	embeddedChannel = "testbank-embedded"
	redirectChannel = "testbank-redirect"
)

// logo is the bank's, drawn by testbank/picture.
//
//go:embed logo.png
var logo []byte

// provider serves the test bank. It has no state of its own.
type provider struct {
	bank        *client
	maintenance []sdk.Maintenance
	zone        string
}

// fromSettings makes the provider from the setting base_url, the bank's address,
// and, where they are set, maintenance, when the bank is not there, and zone, its
// time zone, where that is not Paris.
func fromSettings(settings serve.Settings) (sdk.Provider, error) {
	address, err := settings.Required("base_url")
	if err != nil {
		return nil, err
	}
	base, err := url.Parse(address)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" || base.User != nil {
		return nil, fmt.Errorf("the setting %q must be an http or https address", "base_url")
	}
	maintenance, err := sdk.ParseMaintenance(settings.Get("maintenance"))
	if err != nil {
		return nil, fmt.Errorf("the setting %q: %w", "maintenance", err)
	}
	return &provider{bank: newClient(base), maintenance: maintenance, zone: settings.Get("zone")}, nil
}

// Describe lists the one bank with its two channels.
func (p *provider) Describe(context.Context) (sdk.Description, error) {
	return sdk.Description{
		Plugin: "testbank", Version: "0.1.0",
		Providers: []sdk.ProviderInfo{{
			ID: providerID, Name: "Test Bank", Country: "FR", LogoURL: sdk.Image{MediaType: "image/png", Data: logo}.URL(), Maintenance: p.maintenance, Zone: p.zone, Channels: []sdk.ChannelDefinition{
				{
					ID: embeddedChannel, Type: sdk.Embedded,
					AccountTypes: []sdk.AccountType{sdk.Checkings, sdk.Savings, sdk.Loan, sdk.CreditCard},
					CredentialFields: []sdk.Field{
						{Name: "login", Type: sdk.FieldText, Required: true, Label: sdk.Text{"en": "Login", "fr": "Identifiant"}},
						{Name: "password", Type: sdk.FieldPassword, Required: true, Label: sdk.Text{"en": "Password", "fr": "Mot de passe"}},
						configurationField,
					},
				},
				{
					ID: redirectChannel, Type: sdk.Redirect,
					AccountTypes:     []sdk.AccountType{sdk.Checkings, sdk.CreditCard},
					CredentialFields: []sdk.Field{configurationField},
					Limits:           sdk.Limits{ConsentDays: 180},
				},
			},
		}},
	}, nil
}

// channelOf is the channel of a session, or nothing where it is another provider's.
func channelOf(s sdk.Session) string {
	if s.ProviderID != providerID {
		return ""
	}
	return s.ChannelID
}

// Begin logs in at the portal, or begins a consent.
func (p *provider) Begin(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	switch channelOf(req.Session) {
	case embeddedChannel:
		return p.logIn(ctx, req)
	case redirectChannel:
		return p.beginConsent(ctx, req)
	}
	return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
}

// Continue answers a challenge, or asks how it stands.
func (p *provider) Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	switch channelOf(req.Session) {
	case embeddedChannel:
		return p.answer(ctx, req)
	case redirectChannel:
		return p.returned(ctx, req)
	}
	return sdk.Step{}, sdk.Fail(sdk.NotSupported, nil)
}

// End logs out, or revokes the consent where that is asked.
func (p *provider) End(ctx context.Context, req sdk.EndRequest) error {
	switch channelOf(req.Session) {
	case embeddedChannel:
		return p.logOut(ctx, req)
	case redirectChannel:
		return p.revoke(ctx, req)
	}
	return sdk.Fail(sdk.NotSupported, nil)
}
