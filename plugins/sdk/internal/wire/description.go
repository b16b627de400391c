package wire

import (
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// DescriptionOf translates to the protocol.
func DescriptionOf(d sdk.Description) *Description {
	return &Description{Plugin: d.Plugin, Version: d.Version, Providers: each(d.Providers, providerOf)}
}

// SDK translates from the protocol.
func (x *Description) SDK() sdk.Description {
	return sdk.Description{
		Plugin: x.GetPlugin(), Version: x.GetVersion(), Providers: each(x.GetProviders(), (*ProviderInfo).SDK),
	}
}

// CapabilitiesOf translates to the protocol.
func CapabilitiesOf(c sdk.Capabilities) *Capabilities {
	return &Capabilities{Refresh: c.Refresh, End: c.End}
}

// SDK translates from the protocol.
func (x *Capabilities) SDK() sdk.Capabilities {
	return sdk.Capabilities{Refresh: x.GetRefresh(), End: x.GetEnd()}
}

func providerOf(p sdk.ProviderInfo) *ProviderInfo {
	return &ProviderInfo{
		Id: p.ID, Name: p.Name, Country: p.Country, LogoUrl: p.LogoURL, Channels: each(p.Channels, channelOf),
		Maintenance: each(p.Maintenance, maintenanceOf), Zone: p.Zone,
	}
}

// SDK translates from the protocol.
func (x *ProviderInfo) SDK() sdk.ProviderInfo {
	return sdk.ProviderInfo{
		ID: x.GetId(), Name: x.GetName(), Country: x.GetCountry(), LogoURL: x.GetLogoUrl(),
		Channels: each(x.GetChannels(), (*ChannelDefinition).SDK), Maintenance: each(x.GetMaintenance(), (*Maintenance).SDK),
		Zone: x.GetZone(),
	}
}

func maintenanceOf(m sdk.Maintenance) *Maintenance {
	return &Maintenance{
		Days: each(m.Days, func(d time.Weekday) int32 { return int32(d) }), From: m.From, To: m.To, Zone: m.Zone, //nolint:gosec // checked by the contract
	}
}

// SDK translates from the protocol.
func (x *Maintenance) SDK() sdk.Maintenance {
	return sdk.Maintenance{
		Days: each(x.GetDays(), func(d int32) time.Weekday { return time.Weekday(d) }), From: x.GetFrom(), To: x.GetTo(), Zone: x.GetZone(),
	}
}

func channelOf(c sdk.ChannelDefinition) *ChannelDefinition {
	return &ChannelDefinition{
		Id: c.ID, Type: string(c.Type), AccountTypes: words[string](c.AccountTypes),
		CredentialFields: each(c.CredentialFields, fieldOf), Limits: limitsOf(c.Limits),
	}
}

// SDK translates from the protocol.
func (x *ChannelDefinition) SDK() sdk.ChannelDefinition {
	return sdk.ChannelDefinition{
		ID: x.GetId(), Type: sdk.ChannelType(x.GetType()), AccountTypes: words[sdk.AccountType](x.GetAccountTypes()),
		CredentialFields: each(x.GetCredentialFields(), (*Field).SDK), Limits: x.GetLimits().SDK(),
	}
}

func limitsOf(l sdk.Limits) *Limits {
	return &Limits{
		UnattendedPerDay: int64(l.UnattendedPerDay), HistoryDays: int64(l.HistoryDays), ConsentDays: int64(l.ConsentDays),
		ConsentOutlives: l.ConsentOutlives, Concurrency: int64(l.Concurrency), MinInterval: pause(l.MinInterval),
	}
}

// SDK translates from the protocol.
func (x *Limits) SDK() sdk.Limits {
	return sdk.Limits{
		UnattendedPerDay: int(x.GetUnattendedPerDay()), HistoryDays: int(x.GetHistoryDays()), ConsentDays: int(x.GetConsentDays()),
		ConsentOutlives: x.GetConsentOutlives(), Concurrency: int(x.GetConcurrency()), MinInterval: x.GetMinInterval().AsDuration(),
	}
}
