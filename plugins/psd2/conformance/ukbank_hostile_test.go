package conformance

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank/config"
)

// hostilities are all that a bank answers, with what is in it.
var hostilities = map[config.Hostility]string{
	config.HostileHTML: "<!doctype html>", config.HostileBroken: `{"accounts":[`, config.HostileEmpty: "", config.HostileNulls: ":null", config.HostileNumber: "1e400",
	config.HostileIDs: strings.Repeat("x", 10_000), config.HostileEndless: `"Next":"{base}`, config.HostileRound: `"Next":"{base}`, config.HostileHost: `"Next":"https://elsewhere.example/`,
	config.HostileRedirect: "", config.HostileError: "elsewhere.example",
}

// A bank that turned hostile answers so over this interface as well: each customer has another way and another place.
func TestUKBank_hostile(t *testing.T) {
	t.Parallel()
	const persona, account = "  - {login: %s, password: canary-password, holder: Ann, behaviours: [{kind: hostile, where: %s, answer: %s}]}\n", "  - {ref: at-%[1]s, owner: %[1]s, type: CHECKINGS, name: Current, number: \"1\", currency: EUR, balance: 1.00}\n"
	var personas, accounts strings.Builder
	for how := range hostilities {
		for _, place := range []string{"accounts", "balances", "transactions"} {
			login := string(how) + "-" + place
			fmt.Fprintf(&personas, persona, login, place, how)
			fmt.Fprintf(&accounts, account, login)
		}
	}
	b := openWith(t, "personas:\n"+personas.String()+"accounts:\n"+accounts.String()).ukClient(t, company, v31)
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for how, holds := range hostilities {
		for place, path := range map[string]string{"accounts": "/accounts", "balances": "/balances", "transactions": "/transactions"} {
			if place == "balances" && (how == config.HostileNulls || how == config.HostileIDs) || place == "accounts" && how == config.HostileNumber {
				continue // nothing of that kind is in such an answer
			}
			name := string(how) + "-" + place
			token := b.agreed(b.asks(everyone, ""), name).Access
			status, header, got := b.send(http.MethodGet, v31+path, "", map[string]string{"Authorization": "Bearer " + token})
			require.Contains(t, got, strings.ReplaceAll(holds, "{base}", b.base), name)
			require.Equal(t, how == config.HostileRedirect, status == http.StatusTemporaryRedirect, name)
			require.Equal(t, how == config.HostileEmpty || how == config.HostileRedirect, got == "", name)
			require.Equal(t, how == config.HostileRedirect, header.Get("Location") == "https://elsewhere.example/", name)
		}
	}
}
