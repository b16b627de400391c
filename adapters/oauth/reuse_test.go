package oauth_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/store"
)

// generations logs in and renews n times.
func (b *bench) generations(t require.TestingT, n int) []answer {
	all := []answer{b.login(t)}
	for range n {
		a := b.renew(t, all[len(all)-1].refresh())
		require.Equal(t, 200, a.status, a.text)
		all = append(all, a)
	}
	return all
}

// requireOver checks that a family is gone altogether.
func (b *bench) requireOver(t require.TestingT, all []answer) {
	for _, a := range all {
		requireRefused(t, b.renew(t, a.refresh()), 400, "invalid_grant")
		require.False(t, b.opens(t, a))
	}
}

// TestRefreshReuse_A6 is the matrix of used refresh tokens, by HTTP (RFC 9700,
// section 4.14.2).
func TestRefreshReuse_A6(t *testing.T) {
	t.Parallel()
	const n = 3 // the head; 0 is the first
	for name, c := range map[string]struct {
		present int
		after   time.Duration
		ok      bool
	}{
		"n, at once":             {n, 0, true},
		"n, days later":          {n, 29 * 24 * time.Hour, true},
		"n-1, at once":           {n - 1, 0, true},
		"n-1, inside the grace":  {n - 1, 10*time.Second - time.Microsecond, true},
		"n-1, after the grace":   {n - 1, 10 * time.Second, false},
		"n-2, at once":           {n - 2, 0, false},
		"n-2, after the grace":   {n - 2, time.Minute, false},
		"n-3, third generation":  {0, 0, false},
		"n-1, when it has ended": {n - 1, 30 * 24 * time.Hour, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			all := b.generations(t, n)
			b.pass(c.after)
			a := b.renew(t, all[c.present].refresh())
			if !c.ok {
				requireRefused(t, a, 400, "invalid_grant")
				b.requireOver(t, all)
				require.Equal(t, []string{"refresh_token_reused"}, b.revocations(t), "one event, however often it is tried again")
				return
			}
			require.Equal(t, 200, a.status, a.text)
			require.True(t, b.opens(t, a))
			for _, earlier := range all {
				require.NotEqual(t, earlier.refresh(), a.refresh(), "only hashes are kept: a repeated answer is a new one")
			}
			require.Equal(t, 200, b.renew(t, a.refresh()).status)
			require.Empty(t, b.revocations(t))
		})
	}

	t.Run("from_another_client", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		other, otherSecret := b.newClient(t, client.PasswordGrant)
		all := b.generations(t, 1)
		a := b.postAs(t, other.ID, otherSecret, oauth.TokenPath, "grant_type", "refresh_token", "refresh_token", all[1].refresh())
		requireRefused(t, a, 400, "invalid_grant")
		b.requireOver(t, all)
		require.Equal(t, []string{"refresh_token_of_another_client"}, b.revocations(t))
	})

	t.Run("leaves_other_log_ins_of_the_same_user_alone", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		untouched := b.login(t)
		all := b.generations(t, 2)
		requireRefused(t, b.renew(t, all[0].refresh()), 400, "invalid_grant")
		require.True(t, b.opens(t, untouched))
		require.Equal(t, 200, b.renew(t, untouched.refresh()).status)
	})

	t.Run("the_grace_counts_from_the_first_use", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		all := b.generations(t, 1)
		for range 3 {
			b.pass(3 * time.Second)
			require.Equal(t, 200, b.renew(t, all[0].refresh()).status)
		}
		b.pass(time.Second)
		requireRefused(t, b.renew(t, all[0].refresh()), 400, "invalid_grant")
		require.Len(t, b.revocations(t), 1)
	})

	t.Run("the_answer_that_was_overtaken_is_reuse_after_the_grace", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		all := b.generations(t, 1)
		thief := b.renew(t, all[0].refresh())
		require.Equal(t, 200, thief.status)
		b.pass(time.Minute)
		requireRefused(t, b.renew(t, all[1].refresh()), 400, "invalid_grant")
		b.requireOver(t, []answer{thief})
		require.Len(t, b.revocations(t), 1)
	})

	t.Run("tells_no_token_in_event_or_log", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		all := b.generations(t, 2)
		b.renew(t, all[0].refresh())
		require.Contains(t, b.logs.String(), "refresh token used again")
		for _, a := range all {
			require.NotContains(t, b.logs.String(), a.refresh()[4:])
			require.NotContains(t, b.logs.String(), a.token().Reveal()[4:])
		}
	})
}

// TestRefreshRace_A6: a hundred requests with the same token at once leave one
// lineage, never two, and kill none.
func TestRefreshRace_A6(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	first := b.login(t)
	answers := make([]answer, 100)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = b.renew(t, first.refresh()) })
	}
	all.Wait()
	for _, a := range answers {
		require.Equal(t, 200, a.status, a.text)
		require.True(t, b.opens(t, a))
	}
	require.Empty(t, b.revocations(t))
	head := b.heads(t)
	require.Len(t, head, 1)

	b.pass(time.Hour)
	var survivor answer
	for _, a := range answers {
		if digest(a.refresh()) == head[0] {
			survivor = a
		}
	}
	next := b.renew(t, survivor.refresh())
	require.Equal(t, 200, next.status, next.text)
	for _, a := range answers { // none of the others starts a second one
		requireRefused(t, b.renew(t, a.refresh()), 400, "invalid_grant")
	}
	require.Len(t, b.revocations(t), 1)
	b.requireOver(t, answers)
	b.requireOver(t, []answer{next})
}

// heads are the hashes of the refresh tokens that live, of all families.
func (b *bench) heads(t require.TestingT) (hashes []string) {
	newest := map[string]store.Token{}
	for _, token := range b.tokens.of(store.RefreshToken) {
		newest[token.Hash] = token
	}
	for hash := range newest {
		require.NoError(t, b.fake.View(b.ctx, func(tx store.Tx) error {
			token, err := tx.Tokens().Get(b.ctx, hash)
			var place struct {
				SupersededAt int64 `json:"superseded_at"`
			}
			require.NoError(t, json.Unmarshal(token.Data, &place))
			if place.SupersededAt == 0 && !token.Revoked {
				hashes = append(hashes, hash)
			}
			return err
		}))
	}
	return hashes
}

// TestRefreshAgainstRevocation_A8: whatever overtakes, after the answer to a
// revocation nothing of the family works.
func TestRefreshAgainstRevocation_A8(t *testing.T) {
	t.Parallel()
	for range 20 {
		b := newBench(t)
		first := b.login(t)
		answers := make([]answer, 5)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() { answers[i] = b.renew(t, first.refresh()) })
		}
		all.Go(func() {
			require.Equal(t, 200, b.postAs(t, b.client.ID, b.secret, oauth.RevokePath, "token", first.refresh()).status)
		})
		all.Wait()
		for _, a := range slices.Concat(answers, []answer{first}) {
			require.False(t, b.opens(t, a) && a.status == 200)
			if a.refresh() != "" {
				requireRefused(t, b.renew(t, a.refresh()), 400, "invalid_grant")
			}
		}
		require.Empty(t, b.heads(t))
	}
}

// TestChanges_lock_the_grant_first: on a database whose writers run side by side
// that is what makes them come one after the other, without deadlocks.
func TestChanges_lock_the_grant_first(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	all := b.generations(t, 2)
	family := b.tokens.last().Family
	for name, change := range map[string]func() answer{
		"renew":  func() answer { return b.renew(t, all[2].refresh()) },
		"repeat": func() answer { return b.renew(t, all[2].refresh()) },
		"reuse":  func() answer { return b.renew(t, all[0].refresh()) },
		"revoke": func() answer { return b.revoke(t, "token", all[1].refresh()) },
	} {
		change()
		require.Greater(t, len(b.tokens.steps), 1, name)
		require.Equal(t, "get "+family, b.tokens.steps[0], name)
	}
}
