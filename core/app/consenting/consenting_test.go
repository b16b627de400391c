package consenting_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/app/enrolling"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

func TestConsent_is_recorded_with_every_access(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	w.read(c, false)
	found := w.consent(c)
	require.Equal(t, consent.Active, found.Consent.Status)
	require.Equal(t, consent.Terms{Version: "2026-03", Locale: "fr"}, found.Consent.Terms)
	require.Equal(t, []string{"ACCOUNTS", "TRANSACTIONS"}, found.Consent.Scopes)
	require.Equal(t, []string{"FR76"}, found.Consent.Accounts)
	require.Equal(t, epoch.AddDate(0, 0, 180), found.Consent.ValidUntil)
	require.Equal(t, found.Consent.ValidUntil, c.Channels[0].ExpiresAt)
	require.Equal(t, []consent.Happening{consent.Given, consent.Confirmed}, []consent.Happening{found.History[0].What, found.History[1].What})
	require.Equal(t, consent.ByUser, found.History[0].By)
	calls := map[string]int{}
	for _, a := range w.accesses(found.Consent.ID) {
		require.Equal(t, consent.Succeeded, a.Outcome, "%s", a.Operation)
		calls[fmt.Sprint(a.Operation, " ", a.Trigger, " ", a.Attended)]++
	}
	require.Equal(t, map[string]int{
		"BEGIN CONNECT true": 1, "FETCH CONNECT true": 1, "END CONNECT true": 1, "BEGIN MANUAL false": 1, "FETCH MANUAL false": 1, "END MANUAL false": 1,
	}, calls)
	require.Equal(t, len(w.accesses(found.Consent.ID)), w.bank.calls, "each call of the bank is there once")
}

// TestConsent_over_its_life lives through 200 days, looked after every hour.
func TestConsent_over_its_life(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	for w.elapsed < 180*day-time.Hour {
		w.elapsed += time.Hour
		require.NoError(t, w.sweeper.Look(t.Context()))
	}
	require.Equal(t, []any{event.ConsentGiven, 30, 14, 7, 1}, w.told())
	require.Equal(t, synchronization.Success, w.read(c, false).Status)
	calls := w.bank.calls
	for w.elapsed < 200*day {
		w.elapsed += time.Hour
		require.NoError(t, w.sweeper.Look(t.Context()))
		if w.elapsed%day == 0 {
			run := w.read(c, false)
			require.Equal(t, "TOKEN_EXPIRED", run.Problem.Code)
		}
	}
	require.Equal(t, []any{event.ConsentGiven, 30, 14, 7, 1, event.ConsentExpired}, w.told())
	require.Equal(t, calls, w.bank.calls, "the bank was called after the consent had ended")
	at := w.connection(c.ID).Channels[0]
	require.Equal(t, connection.TokenExpired, at.Status)
	require.Equal(t, connection.ActionReauthenticate, connection.RuleOf(at.Status).Action)
	ids := w.books()
	require.Equal(t, synchronization.Success, w.read(c, true).Status, "the user came back")
	require.Equal(t, ids, w.books())
	require.Len(t, w.consents(), 2)
	require.Equal(t, consent.Active, w.consent(c).Consent.Status)
}

func TestConsent_that_ends_while_a_run_goes_on(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	run, err := w.runs.Start(t.Context(), w.asker, string(c.ID), synchronization.All)
	require.NoError(t, err)
	w.elapsed = 180 * day
	require.NoError(t, w.sweeper.Look(t.Context()))
	require.Equal(t, connection.ChannelRunning, w.connection(c.ID).Channels[0].Status, "its run says what became of it")
	_, err = w.runs.Cancel(t.Context(), w.asker, string(run.ID))
	require.NoError(t, err)
	require.Equal(t, connection.TokenExpired, w.connection(c.ID).Channels[0].Status, "not the success that it was before")
}

func TestRenewal_in_place(t *testing.T) {
	t.Parallel()
	renew := func(w *world, c *connection.Connection) *synchronization.Synchronization {
		run, err := w.service.Renew(w.ctx, w.asker, string(w.consent(c).Consent.ID), "2026-09")
		require.NoError(t, err)
		return run
	}
	t.Run("Keeps_accounts_and_rows", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		before, ids := w.consent(c).Consent, w.books()
		w.elapsed = 100 * day
		require.Equal(t, synchronization.Success, w.played(renew(w, c)).Status)
		after := w.consent(c).Consent
		require.NotEqual(t, before.ID, after.ID)
		require.Equal(t, before.ID, after.Replaces)
		require.Equal(t, "2026-09", after.Terms.Version)
		require.Equal(t, w.now().AddDate(0, 0, 180), w.connection(c.ID).Channels[0].ExpiresAt)
		require.Equal(t, ids, w.books())
		old, err := w.service.Get(w.ctx, w.asker, string(before.ID))
		require.NoError(t, err)
		require.Equal(t, consent.Replaced, old.Consent.Status)
	})
	for name, days := range map[string]time.Duration{"Before_its_end_where_the_banks_lives_on": 170 * day, "After_its_end_where_the_banks_lives_on": 200 * day} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bank.outlives = true
			c := w.connect()
			before := w.consent(c).Consent.ID
			w.elapsed = days
			require.Equal(t, synchronization.Success, w.played(renew(w, c)).Status)
			require.Equal(t, 1, w.bank.given, "the user was not sent to the bank")
			after := w.consent(c).Consent
			require.NotEqual(t, before, after.ID)
			require.Equal(t, consent.Active, after.Status)
			require.Equal(t, w.now().AddDate(0, 0, 180), w.connection(c.ID).Channels[0].ExpiresAt)
			require.Equal(t, synchronization.Success, w.read(c, false).Status)
		})
	}
	for name, fail := range map[string]func(w *world, run *synchronization.Synchronization){
		"Cancelled_changes_nothing": func(w *world, run *synchronization.Synchronization) {
			_, err := w.runs.Cancel(w.ctx, w.asker, string(run.ID))
			require.NoError(t, err)
		},
		"Refused_changes_nothing": func(w *world, run *synchronization.Synchronization) {
			w.bank.begin = &port.Failure{Code: port.Refused, Whose: port.User}
			require.Equal(t, synchronization.Failed, w.played(run).Status)
		},
		"Failed_changes_nothing": func(w *world, run *synchronization.Synchronization) {
			w.bank.begin = &port.Failure{Code: port.TokenExpired, Whose: port.Bank}
			require.Equal(t, "TOKEN_EXPIRED", w.played(run).Problem.Code)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.connect()
			before, at := w.consent(c), w.connection(c.ID)
			w.elapsed += time.Hour
			fail(w, renew(w, c))
			require.Equal(t, before, w.consent(c))
			require.Equal(t, at.Channels, w.connection(c.ID).Channels)
			require.Equal(t, consent.Rejected, w.consents()[0].Status, "what was not given in the end")
			w.bank.begin = nil
			require.Equal(t, synchronization.Success, w.read(c, false).Status, "the old one is as good as before")
			require.Equal(t, 1, w.bank.given)
		})
	}
	t.Run("Needs_the_user_and_the_newest", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		c := w.connect()
		before := w.consent(c).Consent.ID
		absent := w.asker
		absent.PSU = nil
		_, err := w.service.Renew(w.ctx, absent, string(before), "")
		require.ErrorIs(t, err, consent.ErrAbsent)
		_, err = w.service.Renew(w.ctx, w.asker, string(before), "no such words")
		require.ErrorIs(t, err, consent.ErrTerms)
		w.played(renew(w, c))
		_, err = w.service.Renew(w.ctx, w.asker, string(before), "")
		require.ErrorIs(t, err, consent.ErrSuperseded)
	})
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	id := string(w.consent(c).Consent.ID)
	run, err := w.runs.Start(t.Context(), w.asker, string(c.ID), synchronization.All)
	require.NoError(t, err)
	calls := w.bank.calls
	for range 2 {
		revoked, err := w.service.Revoke(t.Context(), w.asker, id)
		require.NoError(t, err)
		require.Equal(t, consent.Revoked, revoked.Consent.Status)
		require.Len(t, revoked.History, 3)
		require.Equal(t, consent.ByUser, revoked.History[2].By)
	}
	require.Equal(t, []any{event.ConsentGiven, event.ConsentRevoked}, w.told())
	w.work(run.ID)
	for _, attended := range []bool{false, true} {
		require.Equal(t, "TOKEN_EXPIRED", w.read(c, attended).Problem.Code)
	}
	require.Equal(t, calls, w.bank.calls)
	at := w.connection(c.ID).Channels[0]
	require.Equal(t, connection.TokenExpired, at.Status)
	require.Equal(t, connection.Withdrawal(), at.Message)
	require.Empty(t, at.SealedSecrets)
	require.Len(t, w.books(), 2, "what was read stays")

	w.bank.end = &port.Failure{Code: port.ProviderUnavailable, Whose: port.Bank}
	w.withdraw(id)
	w.restart()
	w.bank.end = nil
	require.Empty(t, w.orders(), "not again at once")
	w.elapsed += time.Hour
	require.Equal(t, []string{id}, w.orders())
	w.withdraw(id)
	w.withdraw(id)
	require.Equal(t, []string{"bank-1"}, w.bank.revoked, "once")
	require.Empty(t, w.orders())
	var told []string
	for _, a := range w.accesses(w.consent(c).Consent.ID) {
		if a.Operation == consent.Revoke {
			told = append(told, a.Outcome)
		}
	}
	require.Equal(t, []string{"SUCCESS", "PROVIDER_UNAVAILABLE"}, told)

	again, err := w.service.Renew(t.Context(), w.asker, id, "")
	require.NoError(t, err)
	require.Equal(t, synchronization.Success, w.played(again).Status, "expressly asked for, and agreed at the bank")
	require.Equal(t, 2, w.bank.given)
}

// Secrets that are over when the bank is to be told are renewed, once, and kept
// before they are used: the bank may take the old ones once only.
func TestRevoke_with_stale_secrets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	id := string(w.consent(c).Consent.ID)
	calls := w.bank.calls
	_, err := w.service.Revoke(t.Context(), w.asker, id)
	require.NoError(t, err)
	w.bank.stale, w.bank.end = true, &port.Failure{Code: port.ProviderUnavailable, Whose: port.Bank}
	w.withdraw(id)
	require.Empty(t, w.bank.revoked)
	w.bank.end = nil
	w.restart()
	w.elapsed += time.Hour
	w.withdraw(id)
	require.Equal(t, []string{"bank-1+"}, w.bank.revoked, "by the secrets that were kept")
	require.Empty(t, w.orders())
	var told []string
	for _, a := range w.accesses(w.consent(c).Consent.ID) {
		if a.Operation == consent.Revoke || a.Operation == consent.Refresh {
			told = append(told, string(a.Operation)+" "+a.Outcome)
		}
	}
	require.ElementsMatch(t, []string{"REVOKE SECRET_STALE", "REFRESH SUCCESS", "REVOKE PROVIDER_UNAVAILABLE", "REVOKE SUCCESS"}, told)
	require.Equal(t, calls+4, w.bank.calls)
}

// A plugin that has nothing to renew is told again as any that failed.
func TestRevoke_where_nothing_renews(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	id := string(w.consent(c).Consent.ID)
	_, err := w.service.Revoke(t.Context(), w.asker, id)
	require.NoError(t, err)
	w.bank.end = &port.Failure{Code: port.SecretStale, Whose: port.Plugin}
	w.withdraw(id)
	w.bank.end = nil
	w.elapsed += time.Hour
	w.withdraw(id)
	require.Equal(t, []string{"bank-1"}, w.bank.revoked)
}

func (w *world) withdraw(id string) { require.NoError(w.t, w.worker.Withdraw(w.ctx, id)) }

// orders are those that are due.
func (w *world) orders() (ids []string) {
	require.NoError(w.t, w.store.View(w.ctx, func(tx store.Tx) error {
		due, err := tx.Withdrawals().Due(w.ctx, w.now(), 10)
		for _, id := range due {
			ids = append(ids, string(id))
		}
		return err
	}))
	return ids
}

func TestBank_is_told_of_what_was_deleted(t *testing.T) {
	t.Parallel()
	for name, remove := range map[string]func(w *world, c *connection.Connection) error{
		"connection": func(w *world, c *connection.Connection) error { return w.links.Delete(w.ctx, w.asker, string(c.ID)) },
		"user": func(w *world, _ *connection.Connection) error {
			return enrolling.Service{Store: w.store, Box: w.box, Now: w.now, IDs: w.ids}.Delete(w.ctx, w.asker, "me")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := w.connect()
			id := string(w.consent(c).Consent.ID)
			require.NoError(t, remove(w, c))
			woken := w.store.Jobs()
			require.Equal(t, withdrawing.Job, woken[len(woken)-1].Kind)
			w.restart()
			require.Equal(t, []string{id}, w.orders())
			w.withdraw(id)
			require.Equal(t, []string{"bank-1"}, w.bank.revoked)
			require.Empty(t, w.orders(), "neither key nor secrets are kept longer than that takes")
		})
	}
}

// A bank whose tokens died knows nothing of the end of the consent, which may have
// none of its own. It is told by what is about to be forgotten.
func TestBank_is_told_where_tokens_died(t *testing.T) {
	t.Parallel()
	for _, code := range []port.Code{port.TokenExpired, port.SecretStale} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			newWorld(t).loses(&port.Failure{Code: code, Whose: port.User})
		})
	}
}

func (w *world) loses(failure *port.Failure) {
	t, c := w.t, w.connect()
	id := string(w.consent(c).Consent.ID)
	w.bank.fetch = failure
	require.Equal(t, "TOKEN_EXPIRED", w.read(c, false).Problem.Code)
	require.Equal(t, consent.Expired, w.consent(c).Consent.Status)
	require.Empty(t, w.connection(c.ID).Channels[0].SealedSecrets)
	woken := w.store.Jobs()
	require.Equal(t, withdrawing.Job, woken[len(woken)-1].Kind)
	require.Equal(t, []string{id}, w.orders())
	w.withdraw(id)
	require.Equal(t, []string{"bank-1"}, w.bank.revoked)
	require.Empty(t, w.orders())
	w.bank.fetch = nil
	require.Equal(t, synchronization.Success, w.read(c, true).Status, "the user came back")
	require.Equal(t, 2, w.bank.given)
	require.NoError(t, w.links.Delete(w.ctx, w.asker, string(c.ID)))
	for _, order := range w.orders() {
		w.withdraw(order)
	}
	require.Equal(t, []string{"bank-1", "bank-2"}, w.bank.revoked, "each once")
}

// Whose tokens are refused while the bank is told has nothing that could be taken
// back: it is not told for days.
func TestBank_that_takes_no_token_is_told_once(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	id := string(w.consent(c).Consent.ID)
	_, err := w.service.Revoke(t.Context(), w.asker, id)
	require.NoError(t, err)
	w.bank.end = &port.Failure{Code: port.TokenExpired, Whose: port.User}
	w.withdraw(id)
	w.elapsed += day
	require.Empty(t, w.orders())
}

// A consent that ended by our time alone may live on at the bank: what ends it there
// is kept until the user comes back, takes it back, or goes.
func TestBank_is_told_of_a_consent_that_lives_on(t *testing.T) {
	t.Parallel()
	for name, over := range map[string]func(w *world, c *connection.Connection) error{
		"revoked": func(w *world, c *connection.Connection) error {
			shown, err := w.service.Revoke(w.ctx, w.asker, string(w.consent(c).Consent.ID))
			require.Equal(t, consent.Expired, shown.Consent.Status, "what was is not told otherwise")
			require.Empty(t, w.connection(c.ID).Channels[0].SealedSecrets)
			return err
		},
		"deleted": func(w *world, c *connection.Connection) error { return w.links.Delete(w.ctx, w.asker, string(c.ID)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bank.outlives = true
			c := w.connect()
			id := string(w.consent(c).Consent.ID)
			w.elapsed = 200 * day
			require.NoError(t, w.sweeper.Look(t.Context()))
			require.Equal(t, "TOKEN_EXPIRED", w.read(c, false).Problem.Code)
			require.NotEmpty(t, w.connection(c.ID).Channels[0].SealedSecrets, "the bank did not say that they are worth nothing")
			require.Empty(t, w.orders())
			require.NoError(t, over(w, c))
			require.Equal(t, []string{id}, w.orders())
			w.withdraw(id)
			require.Equal(t, []string{"bank-1"}, w.bank.revoked)
			require.Empty(t, w.orders())
		})
	}
	t.Run("come back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		w.bank.outlives = true
		c := w.connect()
		w.elapsed = 200 * day
		require.Equal(t, "TOKEN_EXPIRED", w.read(c, false).Problem.Code)
		require.Equal(t, synchronization.Success, w.read(c, true).Status)
		require.Equal(t, 1, w.bank.given, "by a word to us")
		require.Empty(t, w.orders())
	})
}

func TestAccesses_are_forgotten_after_their_time(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.connect()
	id := w.consent(c).Consent.ID
	w.elapsed = consent.Retention
	require.NoError(t, w.sweeper.Forget(t.Context()))
	require.Len(t, w.accesses(id), 3)
	w.elapsed += time.Microsecond
	require.NoError(t, w.sweeper.Forget(t.Context()))
	require.Empty(t, w.accesses(id))
}

// TestNoCallAfterTheEnd proves R15 and D3 over any order of days, restarts, runs
// with and without the user, renewals and revocations: the bank is never called
// but under a consent that was live, and each call is written down.
func TestNoCallAfterTheEnd(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t)
		c := w.connect()
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			w.elapsed = max(0, w.elapsed+time.Duration(rapid.IntRange(-24, 24*90).Draw(rt, "hours"))*time.Hour)
			own := w.consent(c).Consent
			live, calls, attended := own.Live(w.now()), w.bank.calls, false
			switch rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0:
				w.restart()
			case 1:
				require.NoError(rt, w.sweeper.Look(w.ctx))
			case 2:
				attended = true
				w.read(c, true)
			case 3:
				_, err := w.service.Revoke(w.ctx, w.asker, string(own.ID))
				require.NoError(rt, err)
				require.Equal(rt, calls, w.bank.calls)
			case 4:
				attended = true
				run, err := w.service.Renew(w.ctx, w.asker, string(own.ID), "")
				require.NoError(rt, err)
				w.played(run)
			default:
				w.read(c, false)
			}
			if !live && !attended {
				require.Equal(rt, calls, w.bank.calls, "%s is %s until %s, at %s", own.ID, own.Status, own.ValidUntil, w.now())
			}
		}
		noted := 0
		for _, agreed := range w.consents() {
			for _, a := range w.accesses(agreed.ID) {
				noted++
				require.False(rt, a.At.Before(agreed.GivenAt) && agreed.Status == consent.Pending)
				require.True(rt, agreed.ValidUntil.IsZero() || a.At.Before(agreed.ValidUntil), "%s at %s under one until %s", a.Operation, a.At, agreed.ValidUntil)
			}
		}
		require.Equal(rt, w.bank.calls, noted, "each call is written down, once")
	})
}
