package main

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// channelOf is the id of a bank's channel; connections keep it.
func channelOf(bank string) string { return bank + "-embedded" }

// Describe lists the banks that have a recipe.
func (p *provider) Describe(context.Context) (sdk.Description, error) {
	out := sdk.Description{Plugin: "scraper", Version: "0.1.0"}
	for _, id := range p.order {
		out.Providers = append(out.Providers, describe(p.banks[id].Recipe))
	}
	return out, nil
}

func describe(r recipe.Recipe) sdk.ProviderInfo {
	maintenance, _ := sdk.ParseMaintenance(r.Bank.Maintenance) // was read before
	channel := sdk.ChannelDefinition{
		ID: channelOf(r.Bank.ID), Type: sdk.Embedded,
		Limits: sdk.Limits{
			UnattendedPerDay: r.Limits.UnattendedPerDay, HistoryDays: r.Limits.HistoryDays, Concurrency: r.Limits.Concurrency,
			MinInterval: time.Duration(r.Limits.MinutesBetween) * time.Minute,
		},
	}
	for _, kind := range r.AccountTypes {
		channel.AccountTypes = append(channel.AccountTypes, sdk.AccountType(kind))
	}
	for _, c := range r.Credentials {
		field := sdk.Field{Name: c.Name, Type: sdk.FieldType(c.Type), Label: sdk.Text(c.Label), Required: !c.Optional, Regex: c.Regex}
		for _, v := range c.Values {
			field.Values = append(field.Values, sdk.Choice{Value: v.Value, Label: sdk.Text(v.Label)})
		}
		channel.CredentialFields = append(channel.CredentialFields, field)
	}
	return sdk.ProviderInfo{
		ID: r.Bank.ID, Name: r.Bank.Name, Country: r.Bank.Country, LogoURL: r.Bank.Logo, Zone: r.Bank.Zone, Maintenance: maintenance, Channels: []sdk.ChannelDefinition{channel},
	}
}
