package main

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestLogIn(t *testing.T) {
	t.Parallel()
	t.Run("without_challenge_is_ready", func(t *testing.T) {
		t.Parallel()
		step := open(t).begin("plain")
		require.NotNil(t, step.Ready)
		require.True(t, step.Ready.Secrets.Empty())
	})
	t.Run("wrong_password_names_the_fields", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		_, err := w.provider.Begin(t.Context(), sdk.BeginRequest{
			Session: embedded, PSU: someone, Credentials: sdk.Secrets{"login": "plain", "password": "canary-wrong"},
		})
		failure := failsWith(t, sdk.AuthFailed, err)
		require.Equal(t, []string{"login", "password"}, failure.Fields)
		require.Equal(t, sdk.User, failure.Whose)
		require.NotEmpty(t, failure.Message["fr"])
	})
	t.Run("unattended_asks_nothing", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		_, err := w.provider.Begin(t.Context(), sdk.BeginRequest{Session: embedded, Credentials: credentials("texted")})
		failsWith(t, sdk.ChallengeRequired, err)
		stats, _ := w.bank.Stats("texted")
		require.Zero(t, stats.CodesSent)
	})
	t.Run("unreadable_secrets_are_not_guessed_at", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		for _, bundle := range []sdk.Bundle{{Version: 2, Data: []byte("{}")}, {Version: 1, Data: []byte("canary")}} {
			_, err := w.provider.Begin(t.Context(), sdk.BeginRequest{Session: embedded, Credentials: credentials("plain"), Secrets: bundle})
			failsWith(t, sdk.SecretUnreadable, err)
		}
	})
}

func TestCode(t *testing.T) {
	t.Parallel()
	t.Run("right_one_leaves_a_trusted_device", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.begin("texted")
		require.Equal(t, sdk.ChallengeForm, asked.Challenge.Type)
		require.Equal(t, "code", asked.Challenge.Fields[0].Name)
		require.Contains(t, asked.Challenge.Message["en"], "+33 6 ** ** ** 12")
		done, err := w.next(embedded, asked, sdk.Secrets{"code": "123456"})
		require.NoError(t, err)

		again, err := w.provider.Begin(t.Context(), sdk.BeginRequest{
			Session: embedded, Credentials: credentials("texted"), Secrets: done.Ready.Secrets,
		})
		require.NoError(t, err)
		require.NotNil(t, again.Ready)
		stats, _ := w.bank.Stats("texted")
		require.Equal(t, 1, stats.CodesSent)
	})
	t.Run("wrong_one_asks_again_then_ends", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.begin("texted")
		again, err := w.next(embedded, asked, sdk.Secrets{"code": "000000"})
		require.NoError(t, err)
		require.NotEqual(t, asked.Challenge.ID, again.Challenge.ID)
		require.Contains(t, again.Challenge.Message["en"], "wrong")
		again, err = w.next(embedded, again, sdk.Secrets{"code": "000000"})
		require.NoError(t, err)
		_, err = w.next(embedded, again, sdk.Secrets{"code": "000000"})
		failsWith(t, sdk.ChallengeExpired, err)
	})
	t.Run("polling_changes_nothing", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.begin("texted")
		again, err := w.next(embedded, asked, nil)
		require.NoError(t, err)
		require.Equal(t, asked.Challenge.ID, again.Challenge.ID)
	})
	t.Run("too_late", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.begin("texted")
		w.pass(6 * time.Minute)
		_, err := w.next(embedded, asked, sdk.Secrets{"code": "123456"})
		failsWith(t, sdk.ChallengeExpired, err)
	})
	t.Run("of_a_session_that_the_bank_forgot", func(t *testing.T) {
		t.Parallel()
		asked := open(t).begin("texted")
		_, err := open(t).next(embedded, asked, sdk.Secrets{"code": "123456"})
		failsWith(t, sdk.ChallengeExpired, err)
	})
}

func TestApproval(t *testing.T) {
	t.Parallel()
	t.Run("is_polled_for", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.begin("polled")
		require.Equal(t, sdk.ChallengeDecoupled, asked.Challenge.Type)
		require.Positive(t, asked.Challenge.PollAfter)
		waiting, err := w.next(embedded, asked, nil)
		require.NoError(t, err)
		done, err := w.next(embedded, waiting, nil)
		require.NoError(t, err)
		require.NotNil(t, done.Ready)
	})
	t.Run("answering_with_nothing_asks_too", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		waiting, err := w.next(embedded, w.begin("polled"), sdk.Secrets{})
		require.NoError(t, err)
		require.NotNil(t, waiting.Challenge)
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.begin("phoned")
		post(t, w.url+"/app/phoned", url.Values{"decision": {"refuse"}})
		_, err := w.next(embedded, asked, nil)
		failsWith(t, sdk.Refused, err)
	})
	t.Run("on_the_banks_page", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.begin("sent")
		require.Equal(t, sdk.ChallengeRedirect, asked.Challenge.Type)
		back := post(t, asked.Challenge.URL, url.Values{"decision": {"approve"}})
		done, err := w.next(embedded, asked, answersOf(t, back))
		require.NoError(t, err)
		require.NotNil(t, done.Ready)

		asked = w.begin("sent")
		back = post(t, asked.Challenge.URL, url.Values{"decision": {"refuse"}})
		_, err = w.next(embedded, asked, answersOf(t, back))
		failsWith(t, sdk.Refused, err)
	})
}

func TestEnd_logs_out(t *testing.T) {
	t.Parallel()
	w := open(t)
	ready := w.begin("plain").Ready
	for range 2 {
		require.NoError(t, w.provider.(sdk.Ender).End(t.Context(), sdk.EndRequest{Session: embedded, State: ready.State}))
	}
	_, err := w.fetch(t.Context(), embedded, *ready, nil)
	failsWith(t, sdk.SessionLost, err)
}
