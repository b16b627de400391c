package providertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/ports/provider"
)

// resendFrom is when the rehearsal sends a code again.
var resendFrom = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func resend(t *testing.T, b Backend, c *provider.Challenge) (provider.Step, provider.Continue, error) {
	t.Helper()
	require.NotNil(t, c)
	request := provider.Continue{
		Session: session("code"), PSU: present, Challenge: c.Asked.Ref, Resend: true, State: c.State, Credentials: credentials("code", Password),
	}
	step, err := b.Continue(soon(t), request)
	return step, request, err
}

func sentAgain(t *testing.T, b Backend) {
	first := begin(t, b, "code").Challenge
	require.Equal(t, &connection.Resend{Left: 1, AvailableAt: resendFrom}, first.Asked.Resend)
	step, _, err := resend(t, b, first)
	require.NoError(t, err)
	require.NotNil(t, step.Challenge, "it is no answer")
	require.Equal(t, first.Asked.Ref, step.Challenge.Asked.Ref)
	require.Equal(t, first.Asked.Fields, step.Challenge.Asked.Fields)
	require.Zero(t, step.Challenge.Asked.Resend.Left)

	_, request, err := resend(t, b, step.Challenge)
	requireFailure(t, err, provider.NotSupported)
	require.True(t, request.Survives(err))
	for _, standing := range []*provider.Challenge{first, step.Challenge} {
		done, err := answer(t, b, "code", standing, map[string]string{"code": Code})
		require.NoError(t, err)
		require.NotNil(t, done.Ready)
	}
	require.Nil(t, begin(t, b, "app").Challenge.Asked.Resend, "who says nothing is never asked")
}
