package main

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func (w *world) beginConsent() sdk.Step {
	w.t.Helper()
	step, err := w.provider.Begin(w.t.Context(), sdk.BeginRequest{
		Session: redirect, PSU: someone, ReturnURL: "https://us.example/connect/return", ReturnState: "st1",
	})
	require.NoError(w.t, err)
	require.Equal(w.t, sdk.ChallengeRedirect, step.Challenge.Type)
	return step
}

// consented walks the bank's pages to the end.
func (w *world) consented() sdk.Ready {
	w.t.Helper()
	asked := w.beginConsent()
	post(w.t, asked.Challenge.URL, url.Values{"login": {"plain"}, "password": {"canary-password"}})
	back := post(w.t, asked.Challenge.URL, url.Values{"decision": {"approve"}, "accounts": {"current", "card"}})
	done, err := w.next(redirect, asked, answersOf(w.t, back))
	require.NoError(w.t, err)
	return *done.Ready
}

func (w *world) refresh(secrets sdk.Bundle) (sdk.Ready, error) {
	return w.provider.(sdk.Refresher).Refresh(w.t.Context(), sdk.RefreshRequest{Session: redirect, Secrets: secrets})
}

func TestConsent(t *testing.T) {
	t.Parallel()
	t.Run("gives_what_the_bank_agreed_to", func(t *testing.T) {
		t.Parallel()
		ready := open(t).consented()
		require.Equal(t, []string{"current", "card"}, ready.Consent.Accounts)
		require.Equal(t, time.Date(2026, 9, 10, 0, 0, 0, 0, time.UTC), ready.Consent.ValidUntil)
		require.NotEmpty(t, ready.Consent.ID)
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.beginConsent()
		_, err := w.next(redirect, asked, answersOf(t, post(t, asked.Challenge.URL, url.Values{"decision": {"refuse"}})))
		failsWith(t, sdk.Refused, err)
	})
	t.Run("is_not_believed_from_the_return_alone", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		asked := w.beginConsent()
		_, err := w.next(redirect, asked, sdk.Secrets{"code": "canary-code", "state": "st1"})
		failsWith(t, sdk.ChallengeExpired, err)
		waiting, err := w.next(redirect, asked, nil)
		require.NoError(t, err)
		require.Equal(t, asked.Challenge.ID, waiting.Challenge.ID)
	})
	t.Run("code_of_another_consent", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		mine, other := w.beginConsent(), w.beginConsent()
		post(t, other.Challenge.URL, url.Values{"login": {"plain"}, "password": {"canary-password"}})
		back := post(t, other.Challenge.URL, url.Values{"decision": {"approve"}, "accounts": {"current"}})
		_, err := w.next(redirect, mine, answersOf(t, back))
		failsWith(t, sdk.ChallengeExpired, err)
	})
	t.Run("needs_someone_the_first_time_only", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		_, err := w.provider.Begin(t.Context(), sdk.BeginRequest{Session: redirect})
		failsWith(t, sdk.ChallengeRequired, err)
		step, err := w.provider.Begin(t.Context(), sdk.BeginRequest{Session: redirect, Secrets: w.consented().Secrets})
		require.NoError(t, err)
		require.NotNil(t, step.Ready)
		require.True(t, step.Ready.Secrets.Empty(), "what is kept stays")
	})
	t.Run("covers_payment_accounts", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		s, err := w.fetch(t.Context(), redirect, w.consented(), nil)
		require.NoError(t, err)
		require.Len(t, itemsOf[sdk.AccountItem](s), 2)
	})
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	t.Run("is_asked_for_and_works_once", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		ready := w.consented()
		w.pass(11 * time.Minute)
		_, err := w.fetch(t.Context(), redirect, ready, nil)
		failsWith(t, sdk.SecretStale, err)
		stats, _ := w.bank.Stats("plain")
		require.Zero(t, stats.TokensRefreshed, "Fetch rotates nothing")

		renewed, err := w.refresh(ready.Secrets)
		require.NoError(t, err)
		require.Equal(t, ready.Consent, renewed.Consent)
		_, err = w.fetch(t.Context(), redirect, renewed, nil)
		require.NoError(t, err)
		_, err = w.refresh(ready.Secrets)
		failsWith(t, sdk.TokenExpired, err)
	})
	t.Run("ends_with_the_consent", func(t *testing.T) {
		t.Parallel()
		w := open(t)
		ready := w.consented()
		w.bank.MoveClock(181 * 24 * time.Hour)
		_, err := w.fetch(t.Context(), redirect, ready, nil)
		failsWith(t, sdk.TokenExpired, err)
		_, err = w.refresh(ready.Secrets)
		failsWith(t, sdk.TokenExpired, err)
	})
	t.Run("has_nothing_to_do_on_the_portal", func(t *testing.T) {
		t.Parallel()
		_, err := open(t).provider.(sdk.Refresher).Refresh(t.Context(), sdk.RefreshRequest{Session: embedded})
		failsWith(t, sdk.NotSupported, err)
	})
}

func TestEnd_revokes_only_when_asked(t *testing.T) {
	t.Parallel()
	w := open(t)
	ready, ender := w.consented(), w.provider.(sdk.Ender)
	end := sdk.EndRequest{Session: redirect, State: ready.State, Secrets: ready.Secrets}
	require.NoError(t, ender.End(t.Context(), end))
	_, err := w.fetch(t.Context(), redirect, ready, nil)
	require.NoError(t, err)
	end.Revoke = true
	for range 2 {
		require.NoError(t, ender.End(t.Context(), end))
	}
	_, err = w.fetch(t.Context(), redirect, ready, nil)
	failsWith(t, sdk.TokenExpired, err)
}

func TestConsent_of_a_short_life_ends_by_the_banks_clock(t *testing.T) {
	t.Parallel()
	w := open(t)
	asked := w.beginConsent()
	post(t, asked.Challenge.URL, url.Values{"login": {"weekly"}, "password": {"canary-password"}})
	back := post(t, asked.Challenge.URL, url.Values{"decision": {"approve"}, "accounts": {"deferred"}})
	done, err := w.next(redirect, asked, answersOf(t, back))
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 3, 21, 0, 0, 0, 0, time.UTC), done.Ready.Consent.ValidUntil)
	s, err := w.fetch(t.Context(), redirect, *done.Ready, nil)
	require.NoError(t, err)
	accounts := itemsOf[sdk.AccountItem](s)
	require.Len(t, accounts, 1)
	require.Empty(t, accounts[0].Account.Parent, "the account that pays is not part of the consent")
	w.bank.MoveClock(8 * 24 * time.Hour)
	_, err = w.fetch(t.Context(), redirect, *done.Ready, nil)
	failsWith(t, sdk.TokenExpired, err)
}

func TestConsent_that_ended_is_asked_for_again_where_somebody_is_there(t *testing.T) {
	t.Parallel()
	w := open(t)
	ready := w.consented()
	again := func(psu *sdk.PSU) sdk.Step {
		step, err := w.provider.Begin(t.Context(), sdk.BeginRequest{
			Session: redirect, PSU: psu, Secrets: ready.Secrets, ReturnURL: "https://us.example/connect/return", ReturnState: "st2",
		})
		require.NoError(t, err)
		return step
	}
	require.NotNil(t, again(someone).Ready, "it is good still")
	w.bank.MoveClock(181 * 24 * time.Hour)
	require.NotNil(t, again(nil).Ready, "nobody could give another one")
	require.Equal(t, sdk.ChallengeRedirect, again(someone).Challenge.Type)
}
