package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// again has a challenge sent again.
func (w *world) again(step sdk.Step) (sdk.Step, error) {
	w.t.Helper()
	require.NotNil(w.t, step.Challenge)
	return w.provider.Continue(w.limited(), sdk.ContinueRequest{
		Session: embedded, PSU: someone, ChallengeID: step.Challenge.ID, Resend: true, State: step.Challenge.State,
	})
}

func TestCode_is_sent_again(t *testing.T) {
	t.Parallel()
	w := launched(t)
	asked, err := w.attempt("again", someone)
	require.NoError(t, err)
	require.Equal(t, &sdk.Resend{AvailableAt: w.now.Add(30 * time.Second), Left: 1}, asked.Challenge.Resend)
	early, err := w.again(asked)
	require.NoError(t, err)
	require.Equal(t, asked, early, "nothing happened")
	w.pass(time.Minute)
	again, err := w.again(asked)
	require.NoError(t, err)
	require.Equal(t, asked.Challenge.ID, again.Challenge.ID, "a form that is open stays good")
	require.Contains(t, again.Challenge.Message["fr"], "renvoyé")
	require.Equal(t, asked.Challenge.ExpiresAt.Add(time.Minute), again.Challenge.ExpiresAt)
	require.Zero(t, again.Challenge.Resend.Left)
	spent, err := w.again(again)
	require.NoError(t, err)
	require.Equal(t, asked.Challenge.ID, spent.Challenge.ID)
	stats, _ := w.bank.Stats("again")
	require.Equal(t, 2, stats.CodesSent)

	wrong, err := w.next(embedded, spent, sdk.Secrets{"code": "123456"})
	require.NoError(t, err)
	require.Contains(t, wrong.Challenge.Message["en"], "wrong")
	done, err := w.next(embedded, wrong, sdk.Secrets{"code": "654321"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
}

func TestCode_that_is_sent_once_stays(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := w.begin("texted")
	require.Nil(t, asked.Challenge.Resend)
	again, err := w.again(asked)
	require.NoError(t, err)
	require.Equal(t, asked, again)
	w.pass(6 * time.Minute)
	asked = w.begin("again")
	w.pass(6 * time.Minute)
	_, err = w.again(asked)
	failsWith(t, sdk.ChallengeExpired, err)
}
