package providertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/provider"
)

// answer continues a challenge; nil answers poll it.
func answer(t *testing.T, b Backend, login string, c *provider.Challenge, answers map[string]string) (provider.Step, error) {
	t.Helper()
	require.NotNil(t, c)
	values := secret.Values{}
	for name, value := range answers {
		values[name] = secret.New(value)
	}
	return b.Continue(soon(t), provider.Continue{
		Session: session(login), PSU: present, Challenge: c.Asked.Ref, Answers: values, Poll: answers == nil,
		State: c.State, Credentials: credentials(login, Password),
	})
}

func codeOpens(t *testing.T, b Backend) {
	c := begin(t, b, "code").Challenge
	require.NotNil(t, c)
	require.Equal(t, connection.Form, c.Asked.Type)
	require.NotEmpty(t, c.Asked.Ref)
	require.Len(t, c.Asked.Fields, 1)
	require.Equal(t, "code", c.Asked.Fields[0].Name)
	require.False(t, c.Asked.Live)
	require.False(t, c.State.Empty())
	require.NotEmpty(t, c.Asked.Message.In("fr"))
	step, err := answer(t, b, "code", c, map[string]string{"code": Code})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
}

func wrongCode(t *testing.T, b Backend) {
	first := begin(t, b, "code").Challenge
	step, err := answer(t, b, "code", first, map[string]string{"code": "000000"})
	require.NoError(t, err)
	require.NotNil(t, step.Challenge)
	require.Equal(t, connection.Form, step.Challenge.Asked.Type)
	require.NotEqual(t, first.Asked.Ref, step.Challenge.Asked.Ref)
	step, err = answer(t, b, "code", step.Challenge, map[string]string{"code": Code})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
}

func decoupled(t *testing.T, b Backend) {
	c := begin(t, b, "app").Challenge
	require.NotNil(t, c)
	require.Equal(t, connection.Decoupled, c.Asked.Type)
	require.Positive(t, c.Asked.PollAfter)
	step, err := answer(t, b, "app", c, nil)
	require.NoError(t, err)
	require.NotNil(t, step.Challenge)
	require.Equal(t, c.Asked.Ref, step.Challenge.Asked.Ref, "a poll without news keeps the challenge")
	step, err = answer(t, b, "app", step.Challenge, nil)
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
}

func redirect(t *testing.T, b Backend) {
	c := begin(t, b, "page").Challenge
	require.NotNil(t, c)
	require.Equal(t, connection.Redirect, c.Asked.Type)
	require.Equal(t, "https://rehearsal.example/?state=state-of-page", c.Asked.URL)
	step, err := answer(t, b, "page", c, map[string]string{"result": "ok"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	consent := step.Ready.Consent
	require.NotNil(t, consent)
	require.Equal(t, "consent-1", consent.ID)
	require.False(t, consent.ValidUntil.IsZero())
	require.Equal(t, []provider.Scope{provider.ScopeAccounts, provider.ScopeTransactions}, consent.Scopes)
}

func refusal(t *testing.T, b Backend) {
	_, err := answer(t, b, "page", begin(t, b, "page").Challenge, map[string]string{"result": "no"})
	failure := requireFailure(t, err, provider.Refused)
	require.Equal(t, provider.User, failure.Whose)
}
