package endtoend

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGreeting_is_enough_to_go_on uses nothing but the line that --json prints.
func TestGreeting_is_enough_to_go_on(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{})
	var named map[string]any
	require.NoError(t, json.Unmarshal(s.process.greeting, &named))
	for _, name := range []string{"base_url", "client_id", "client_secret", "testbank_url", "personas"} {
		require.NotEmpty(t, named[name], name)
	}
	seen := map[string]bool{}
	for _, p := range s.greeting.Personas {
		require.NotEmpty(t, p.Login)
		require.NotEmpty(t, p.Password)
		require.NotEmpty(t, p.Description)
		seen[p.Challenge] = true
		if p.Challenge == "sms_code" {
			require.NotEmpty(t, p.Code)
		}
	}
	for _, kind := range []string{"none", "sms_code", "app_approval", "redirect"} {
		require.True(t, seen[kind], "no persona with %s", kind)
	}
}

// TestDefaultBank_arrives_whole connects the customers of the bank that ships
// who need nobody's hands and have no trouble, and compares all four types of
// account.
func TestDefaultBank_arrives_whole(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{})
	client, links, types := s.asClient(t), map[string]link{}, map[string]bool{}
	for _, p := range s.bank.customers(t) {
		if p.Challenge != "none" && p.Challenge != "sms_code" || !slices.Contains([]string{"", "slow"}, strings.Join(p.Behaviours, " ")) {
			continue
		}
		l := client.enrol(t, p.Login).connect(t, p.Login, p.Password)
		if p.Challenge == "sms_code" {
			l.answer(t, l.asked(t, ""), map[string]string{"code": p.Code}).want(t, 202)
		}
		links[p.Login] = l
	}
	require.Greater(t, len(links), 3)
	for login, l := range links {
		l.succeeds(t)
		l.equalsTruth(t, login)
		for _, a := range s.bank.truth(t, login) {
			types[a.Type] = true
		}
	}
	require.Len(t, types, 4, "all four types of account")
	gapless(t, client.facts(t))
}

// TestWrongPassword_is_tried_once: nothing does so by itself while other
// work goes by, and after a start.
func TestWrongPassword_is_tried_once(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"), slowly("bert"))})
	client := s.asClient(t)
	client.enrol(t, "ana").connect(t, "anna", "not-it-1").fails(t, "AUTH_FAILED")
	client.enrol(t, "ben").connect(t, "bert", "bert-pass1").succeeds(t)
	s.stop(t)
	s.restart(t) // a start looks for work that was left
	client.enrol(t, "cleo").connect(t, "bert", "bert-pass1").succeeds(t)
	require.Equal(t, 1, s.bank.stats(t, "anna")["wrong_passwords"])
}

func slowly(login string) persona {
	p := plain(login)
	p.behaviours = `[{kind: slow, delay: 1s}]`
	return p
}

// customer is a persona as the bank lists it.
type customer struct {
	Login, Password, Challenge, Code string
	Behaviours                       []string
}

func (b *bank) customers(t tester) []customer {
	t.Helper()
	var all struct{ Personas []customer }
	b.admin(t, http.MethodGet, "personas", nil, &all)
	return all.Personas
}
