package wire

import "github.com/tributary-dev/tributary/plugins/sdk"

// SessionOf translates to the protocol.
func SessionOf(s sdk.Session) *Session {
	return &Session{Id: s.ID, ProviderId: s.ProviderID, ChannelId: s.ChannelID, Locale: s.Locale}
}

// SDK translates from the protocol.
func (x *Session) SDK() sdk.Session {
	return sdk.Session{ID: x.GetId(), ProviderID: x.GetProviderId(), ChannelID: x.GetChannelId(), Locale: x.GetLocale()}
}

func psuOf(p *sdk.PSU) *PSU {
	if p == nil {
		return nil
	}
	return &PSU{Ip: p.IP, UserAgent: p.UserAgent}
}

// SDK translates from the protocol; nobody there stays nobody there.
func (x *PSU) SDK() *sdk.PSU {
	if x == nil {
		return nil
	}
	return &sdk.PSU{IP: x.GetIp(), UserAgent: x.GetUserAgent()}
}

func bundleOf(b sdk.Bundle) *Bundle { return &Bundle{Version: int64(b.Version), Data: b.Data} }

// SDK translates from the protocol.
func (x *Bundle) SDK() sdk.Bundle {
	return sdk.Bundle{Version: int(x.GetVersion()), Data: x.GetData()}
}

// StepOf translates to the protocol.
func StepOf(s sdk.Step) *Step {
	out := &Step{Challenge: challengeOf(s.Challenge)}
	if s.Ready != nil {
		out.Ready = ReadyOf(*s.Ready)
	}
	return out
}

// SDK translates from the protocol.
func (x *Step) SDK() sdk.Step {
	out := sdk.Step{Challenge: x.GetChallenge().SDK()}
	if x.GetReady() != nil {
		ready := x.GetReady().SDK()
		out.Ready = &ready
	}
	return out
}

// ReadyOf translates to the protocol.
func ReadyOf(r sdk.Ready) *Ready {
	return &Ready{
		State: bundleOf(r.State), Secrets: bundleOf(r.Secrets),
		ExpiresAt: instant(r.ExpiresAt), Consent: consentOf(r.Consent),
	}
}

// SDK translates from the protocol.
func (x *Ready) SDK() sdk.Ready {
	return sdk.Ready{
		State: x.GetState().SDK(), Secrets: x.GetSecrets().SDK(),
		ExpiresAt: timeOf(x.GetExpiresAt()), Consent: x.GetConsent().SDK(),
	}
}

func consentOf(c *sdk.Consent) *Consent {
	if c == nil {
		return nil
	}
	return &Consent{Id: c.ID, ValidUntil: instant(c.ValidUntil), Accounts: c.Accounts, Scopes: words[string](c.Scopes)}
}

// SDK translates from the protocol.
func (x *Consent) SDK() *sdk.Consent {
	if x == nil {
		return nil
	}
	return &sdk.Consent{
		ID: x.GetId(), ValidUntil: timeOf(x.GetValidUntil()),
		Accounts: x.GetAccounts(), Scopes: words[sdk.Scope](x.GetScopes()),
	}
}
