package httpapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type providerView struct {
	ID                 string                  `json:"id" example:"testbank" doc:"The provider's id."`
	Name               string                  `json:"name" example:"Test Bank" doc:"What users call it."`
	Country            string                  `json:"country" example:"FR" doc:"ISO 3166-1 alpha-2."`
	LogoURL            *string                 `json:"logo_url" example:"https://api.example.com/widget/logos/testbank/8f2b6c1d90e4a735/logo.png" doc:"Its picture, to be seen on white: an address of this server, for as long as the picture is this one; of another host where the bank's plugin knows no more; null where there is none."`
	Status             string                  `json:"status" enum:"UP,DOWN" doc:"UP while one of its channels is."`
	TimeZone           string                  `json:"time_zone" example:"Europe/Paris" doc:"The zone in which the bank counts its days, by its IANA name: its dates are days there."`
	ChannelDefinitions []channelDefinitionView `json:"channel_definitions" doc:"The ways to reach it: one or two."`
}

type channelDefinitionView struct {
	ID               string      `json:"id" example:"testbank-web" doc:"The channel definition's id."`
	Status           string      `json:"status" enum:"UP,DOWN" doc:"Whether the bank can be reached this way now."`
	Type             string      `json:"type" enum:"REDIRECT,EMBEDDED" doc:"REDIRECT: the bank's PSD2 API, the user authenticates at the bank. EMBEDDED: credentials are asked for in a form."`
	AccountTypes     []string    `json:"account_types" example:"CHECKINGS,SAVINGS" doc:"The types of account that it gives."`
	CredentialFields []fieldView `json:"credential_fields" doc:"What has to be given as credentials; empty for most REDIRECT channels."`
	Limits           limitsView  `json:"limits" doc:"What the bank allows; null where it is not known."`
}

type limitsView struct {
	UnattendedPerDay   *int `json:"unattended_per_day" example:"4" doc:"Accesses in 24 hours without the user."`
	HistoryDays        *int `json:"history_days" example:"90" doc:"How far back transactions go."`
	ConsentDays        *int `json:"consent_days" example:"180" doc:"How long a consent lasts."`
	Concurrency        *int `json:"concurrency" example:"2" doc:"How many sessions of one user at a time."`
	MinIntervalSeconds *int `json:"min_interval_seconds" example:"60" doc:"The pause between two accesses."`
}

func (a api) providerIn(locale string) func(provider.Provider) providerView {
	return func(p provider.Provider) providerView {
		return providerView{
			ID: p.ID, Name: p.Name, Country: p.Country, LogoURL: a.logo(p), Status: string(p.Health()), TimeZone: p.Zone.String(),
			ChannelDefinitions: each(p.Channels, definitionIn(locale)),
		}
	}
}

func (a api) logo(p provider.Provider) *string {
	if p.Logo == nil {
		return known(p.LogoURL)
	}
	address := strings.TrimSuffix(a.ServerURL, "/") + "/widget/logos/" + p.ID + "/" + p.Logo.Hash + "/logo.png"
	return &address
}

func definitionIn(locale string) func(provider.Channel) channelDefinitionView {
	return func(c provider.Channel) channelDefinitionView {
		return channelDefinitionView{
			ID: c.ID, Status: string(c.Health), Type: string(c.Type), AccountTypes: each(c.AccountTypes, func(t bank.AccountType) string { return string(t) }),
			CredentialFields: each(c.CredentialFields, fieldIn(locale)), Limits: showLimits(c.Limits),
		}
	}
}

func showLimits(l provider.Limits) limitsView {
	return limitsView{
		UnattendedPerDay: positive(l.UnattendedPerDay), HistoryDays: positive(l.HistoryDays), ConsentDays: positive(l.ConsentDays),
		Concurrency: positive(l.Concurrency), MinIntervalSeconds: positive(int(l.MinInterval.Seconds())),
	}
}

type (
	providerPath struct {
		ID string `path:"id" doc:"A provider's id." example:"testbank"`
	}
	oneProvider        struct{ Body providerView }
	providerList       struct{ Body list[providerView] }
	listProvidersInput struct {
		PageParams
		Search      string `query:"search" doc:"A part of the name, whatever the case." example:"bank"`
		Country     string `query:"country" pattern:"^[A-Za-z]{2}$" doc:"ISO 3166-1 alpha-2." example:"FR"`
		Channel     string `query:"channel" enum:"REDIRECT,EMBEDDED" doc:"Only those with such a channel."`
		AccountType string `query:"account_type" enum:"CHECKINGS,SAVINGS,LOAN,CREDIT_CARD" doc:"Only those that give such accounts."`
		Health      string `query:"health" enum:"UP,DOWN" doc:"Only those in this state."`
	}
)

func (a api) providers() {
	add(a, operation{
		ID: "list-providers", Method: http.MethodGet, Path: "/v1/providers", Tag: tagProviders,
		Summary: "List providers", Text: "The catalogue of banks and institutions, in the order of their ids.",
		Worded: true, Who: anyToken,
	}, a.listProviders)
	add(a, operation{
		ID: "get-provider", Method: http.MethodGet, Path: "/v1/providers/{id}", Tag: tagProviders, Tagged: true,
		Summary: "Get a provider", Text: "With its channel definitions: credential fields, account types and limits.",
		Worded: true, Who: anyToken, Errors: []int{http.StatusNotFound},
	}, a.getProvider)
}

func (a api) listProviders(ctx context.Context, p usecase.Principal, in *listProvidersInput) (*providerList, error) {
	filter := usecase.ProviderFilter{
		Search: in.Search, Country: strings.ToUpper(in.Country), Channel: in.Channel, AccountType: in.AccountType, Health: in.Health,
	}
	l := newListing("providers", p, filter.Search, filter.Country, filter.Channel, filter.AccountType, filter.Health)
	page, err := l.page(in.PageParams)
	if err != nil {
		return nil, err
	}
	slice, err := a.Providers.List(ctx, filter, page)
	return &providerList{listOf(l, slice, a.providerIn(p.Locale))}, err
}

func (a api) getProvider(ctx context.Context, p usecase.Principal, in *providerPath) (*oneProvider, error) {
	found, err := a.Providers.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &oneProvider{a.providerIn(p.Locale)(found)}, nil
}
