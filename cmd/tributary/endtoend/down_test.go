package endtoend

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBank_that_is_down is a wait with a typed status, not the user's fault;
// what was read stays.
func TestBank_that_is_down(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	l := s.asClient(t).enrol(t, "ana").connect(t, "anna", "anna-pass1")
	l.succeeds(t)
	before := l.sheets(t)
	s.bank.process.kill(t)
	l = l.synchronize(t)
	down := l.fails(t, "PROVIDER_UNAVAILABLE")
	require.Equal(t, "WAIT", down.text(t, ".channels[0].required_action.type"))
	require.NotEmpty(t, down.text(t, ".last_success_at"))
	require.Equal(t, before, l.sheets(t))
}

// TestTokens tells nobody which e-mail addresses exist, and which clients.
func TestTokens(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	client := s.asClient(t)
	client.enrol(t, "ana")
	ask := func(id, secret, email, password string) answer {
		form := url.Values{"grant_type": {"password"}, "username": {email}, "password": {password}}
		request := client.request(t, http.MethodPost, "/oauth/token", form.Encode())
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.SetBasicAuth(id, secret)
		return client.send(t, request)
	}
	wrong := ask(client.id, client.secret, "ana@example.org", "passw0rdx").want(t, 400)
	unknown := ask(client.id, client.secret, "nobody@example.org", "passw0rdx").want(t, 400)
	require.Equal(t, "invalid_grant", wrong.text(t, ".error"))
	require.Equal(t, telling(wrong), telling(unknown))
	badSecret := ask(client.id, "trs_nonsense", "ana@example.org", "passw0rd").want(t, 401)
	noClient := ask("cli_00000000000000000000000000", client.secret, "ana@example.org", "passw0rd").want(t, 401)
	require.Equal(t, "invalid_client", badSecret.text(t, ".error"))
	require.Equal(t, telling(badSecret), telling(noClient))
	for password, status := range map[string]int{"abc12": 422, "abcdef": 422, "123456": 422, "abc123": 201} {
		got := client.post(t, "/v1/users", map[string]string{"email": password + "@example.org", "password": password})
		require.Equal(t, status, got.status, "%q: %s", password, got.body)
	}
}
