package oauth_test

import (
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

func (b *bench) revoke(t require.TestingT, pairs ...string) answer {
	return b.postAs(t, b.client.ID, b.secret, oauth.RevokePath, pairs...)
}

func requireRevoked(t require.TestingT, a answer) {
	require.Equal(t, http.StatusOK, a.status, a.text)
	require.Empty(t, a.text)
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
}

// TestRevoke_RFC7009 is about what a client may take back.
func TestRevoke_RFC7009(t *testing.T) {
	t.Parallel()

	t.Run("access_token_alone", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.login(t)
		requireRevoked(t, b.revoke(t, "token", a.token().Reveal()))
		require.False(t, b.opens(t, a))
		require.Equal(t, 200, b.renew(t, a.refresh()).status)
	})

	t.Run("client_token", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		first, second := b.post(t, "grant_type", "client_credentials"), b.post(t, "grant_type", "client_credentials")
		requireRevoked(t, b.revoke(t, "token", first.token().Reveal()))
		require.False(t, b.opens(t, first))
		require.True(t, b.opens(t, second))
	})

	t.Run("refresh_token_takes_its_family", func(t *testing.T) {
		t.Parallel()
		for _, generation := range []int{0, 1, 2} { // also one that was used: it names the family no less
			b := newBench(t)
			other, all := b.login(t), b.generations(t, 2)
			requireRevoked(t, b.revoke(t, "token", all[generation].refresh()))
			b.requireOver(t, all)
			require.True(t, b.opens(t, other), "another log-in goes on")
			require.Empty(t, b.revocations(t), "the client knows what it did")
		}
	})

	t.Run("twice_is_once", func(t *testing.T) {
		t.Parallel()
		b := newBench(t)
		a := b.login(t)
		for _, token := range []string{a.token().Reveal(), a.refresh()} {
			requireRevoked(t, b.revoke(t, "token", token))
			requireRevoked(t, b.revoke(t, "token", token))
		}
	})

	t.Run("whatever_the_hint", func(t *testing.T) {
		t.Parallel()
		for _, hint := range []string{"access_token", "refresh_token", "pct", ""} {
			b := newBench(t)
			a := b.login(t)
			requireRevoked(t, b.revoke(t, "token", a.refresh(), "token_type_hint", hint))
			b.requireOver(t, []answer{a})
		}
	})
}

// TestRevoke_answers_alike: unknown and foreign tokens are answered like known
// ones, and nothing changes (RFC 7009, section 2.2).
func TestRevoke_answers_alike(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.login(t)
	other, secret := b.newClient(t)
	for _, text := range []string{
		a.token().Reveal(), a.refresh(), b.tokens.last().Family, b.tokens.last().Hash,
		"x", "tra_", "trr_" + a.token().Reveal()[4:], b.secret, "\x00\xff",
	} {
		requireRevoked(t, b.postAs(t, other.ID, secret, oauth.RevokePath, "token", text))
		if text != a.token().Reveal() && text != a.refresh() {
			requireRevoked(t, b.revoke(t, "token", text))
		}
	}
	require.True(t, b.opens(t, a))
	require.Equal(t, 200, b.renew(t, a.refresh()).status)
}

// TestTokenRequests_refuse is what revocation and introspection have in common.
func TestTokenRequests_refuse(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	token := b.login(t).token().Reveal()
	for _, path := range []string{oauth.RevokePath, oauth.IntrospectPath} {
		t.Run(path[1:], func(t *testing.T) {
			t.Parallel()
			for _, body := range []string{"", "token=", "x=1", "token=a&token=b", "token=%zz"} {
				request := b.requestTo(t, path, body)
				request.SetBasicAuth(string(b.client.ID), b.secret)
				requireRefused(t, b.send(t, request), 400, "invalid_request")
			}
			requireRefused(t, b.send(t, b.requestTo(t, path, form("token", token))), 401, "invalid_client")
			requireRefused(t, b.postAs(t, b.client.ID, "trs_x", path, "token", token), 401, "invalid_client")
			requireRefused(t, b.postAs(t, ident.New[ident.Client](ident.Real()), b.secret, path, "token", token), 401, "invalid_client")
			withQuery := b.requestTo(t, path+"?token=x", form("token", token))
			withQuery.SetBasicAuth(string(b.client.ID), b.secret)
			requireRefused(t, b.send(t, withQuery), 400, "invalid_request")
			asJSON := b.requestTo(t, path, "{}")
			asJSON.Header.Set("Content-Type", "application/json")
			requireRefused(t, b.send(t, asJSON), 400, "invalid_request")
			inBody := b.send(t, b.requestTo(t, path, form("token", "x", "client_id", string(b.client.ID), "client_secret", b.secret)))
			require.Equal(t, 200, inBody.status, inBody.text)
			get := b.requestTo(t, path, "")
			get.Method = http.MethodGet
			answer := b.send(t, get)
			require.Equal(t, 405, answer.status)
			require.Equal(t, "POST", answer.header.Get("Allow"))
		})
	}
	require.True(t, b.opens(t, answer{body: map[string]any{"access_token": token}}))
}

// TestRevocation_A8_is_immediate: under load, no request that begins after the
// answer to a revocation is let in.
func TestRevocation_A8_is_immediate(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(t *testing.T, b *bench, a answer){
		"access token":  func(t *testing.T, b *bench, a answer) { requireRevoked(t, b.revoke(t, "token", a.token().Reveal())) },
		"refresh token": func(t *testing.T, b *bench, a answer) { requireRevoked(t, b.revoke(t, "token", a.refresh())) },
		"client":        func(t *testing.T, b *bench, _ answer) { b.client.Disabled = true; b.putClient(t, b.client) },
		"user": func(t *testing.T, b *bench, _ answer) {
			b.update(t, func(tx store.Tx) error { return tx.Users().Delete(t.Context(), b.user) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			a := b.login(t)
			var ended, stop atomic.Bool
			var late, before atomic.Int64
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() {
					for !stop.Load() {
						over := ended.Load()
						if b.opens(t, a) && over {
							late.Add(1)
						}
						before.Add(1)
					}
				})
			}
			require.Eventually(t, func() bool { return before.Load() > 100 }, 10*time.Second, time.Millisecond)
			end(t, b, a)
			ended.Store(true)
			so := before.Load()
			require.Eventually(t, func() bool { return before.Load() > so+100 }, 10*time.Second, time.Millisecond)
			stop.Store(true)
			all.Wait()
			require.Zero(t, late.Load())
		})
	}
}

// TestTwoNodes: servers that share a store share all that counts of a token;
// what one has done the other sees with its next request (A8), and a refresh
// token that both are sent at once has one successor that lives (A6).
func TestTwoNodes_A6_A8(t *testing.T) {
	t.Parallel()
	one := newBench(t)
	first := one.login(t)
	here := one.url
	one.serve(t)
	there := one.url
	require.NotEqual(t, here, there)

	answers := make([]answer, 40)
	var all sync.WaitGroup
	for i, node := range []string{here, there} {
		for j := range 20 {
			all.Go(func() {
				request := one.requestAt(t, node, oauth.TokenPath, form("grant_type", "refresh_token", "refresh_token", first.refresh()))
				request.SetBasicAuth(string(one.client.ID), one.secret)
				answers[20*i+j] = one.send(t, request)
			})
		}
	}
	all.Wait()
	head := one.heads(t)
	require.Len(t, head, 1)
	for _, a := range answers {
		require.Equal(t, 200, a.status, a.text)
		require.True(t, one.opens(t, a))
	}

	request := one.requestAt(t, here, oauth.RevokePath, form("token", answers[7].refresh()))
	request.SetBasicAuth(string(one.client.ID), one.secret)
	requireRevoked(t, one.send(t, request))
	one.requireOver(t, answers) // by the other node
}
