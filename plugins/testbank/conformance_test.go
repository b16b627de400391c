package main

import (
	"testing"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/conformance"
)

// The plugin as a process, before a bank that asks nothing, a code, and a code that it sends again when asked to.
func TestConformance(t *testing.T) {
	t.Parallel()
	sample := func(login, first, code string) conformance.Case {
		return conformance.Case{
			Name: login, ProviderID: providerID, ChannelID: embeddedChannel, Credentials: credentials(login),
			Wrong: sdk.Secrets{"login": login, "password": "wrong"},
			Answer: func(asked sdk.Challenge) sdk.Secrets {
				if asked.Resend != nil && asked.Resend.Left > 0 {
					return sdk.Secrets{"code": first}
				}
				return sdk.Secrets{"code": code}
			},
			Since: "2026-01-01", Until: "2026-03-15",
		}
	}
	conformance.Run(t, func(t *testing.T) sdk.Provider { return launched(t).provider },
		sample("plain", "", ""), sample("texted", "", "123456"), sample("eager", "123456", "654321"))
}
