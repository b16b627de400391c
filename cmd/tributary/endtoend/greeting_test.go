package endtoend

import (
	"encoding/json"
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

// TestDefaultBank_arrives_whole connects every customer of the bank that ships
// and who needs nobody's hands, and compares all four types of account.
func TestDefaultBank_arrives_whole(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{})
	client, links, types := s.asClient(t), map[string]link{}, map[string]bool{}
	for _, p := range s.greeting.Personas {
		if p.Challenge == "none" || p.Challenge == "sms_code" {
			links[p.Login] = client.enrol(t, p.Login).connect(t, p.Login, p.Password)
		}
		if p.Challenge == "sms_code" {
			l := links[p.Login]
			l.answer(t, l.asked(t, ""), map[string]string{"code": p.Code}).want(t, 202)
		}
	}
	refused := ""
	for login, l := range links {
		if l.over(t).text(t, ".error.code") == "AUTH_FAILED" {
			refused = login // the one whose password the bank always refuses
			continue
		}
		l.succeeds(t)
		l.equalsTruth(t, login)
		for _, a := range s.bank.truth(t, login) {
			types[a.Type] = true
		}
	}
	require.Len(t, types, 4, "all four types of account")
	require.NotEmpty(t, refused)
	require.Equal(t, 1, s.bank.stats(t, refused)["wrong_passwords"], "something tried a wrong password again by itself")
	gapless(t, client.facts(t))
}
