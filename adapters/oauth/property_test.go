package oauth_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/store"
)

// familyModel is what a client that keeps all its tokens expects of a family: by
// the words of the rule, not by how it is kept.
type familyModel struct {
	tokens []tokenModel
	head   int
	over   bool
}

type tokenModel struct {
	answer     answer
	generation int
	usedAt     time.Time // zero for the one that lives
}

// expects says whether a token is renewed, and whether that ends the family.
func (m *familyModel) expects(i int, now time.Time) (ok, ends bool) {
	token, newest := m.tokens[i], m.tokens[m.head].generation
	switch {
	case m.over:
		return false, false
	case i == m.head:
		return true, false
	case token.generation < newest-1 || now.Sub(token.usedAt) >= 10*time.Second:
		return false, true
	}
	return true, false
}

func (m *familyModel) renewed(i int, a answer, now time.Time) {
	next := tokenModel{answer: a, generation: m.tokens[m.head].generation}
	if i == m.head {
		next.generation++
	}
	m.tokens[m.head].usedAt = now
	m.tokens = append(m.tokens, next)
	m.head = len(m.tokens) - 1
}

// TestRefresh_A6_follows_the_rule plays random histories of a family: any token
// of any age, from its client and from another, with time between, and
// revocations. At each step at most one refresh token lives.
func TestRefresh_A6_follows_the_rule(t *testing.T) {
	t.Parallel()
	shared := newBench(t)
	other, otherSecret := shared.newClient(t, client.PasswordGrant)
	rapid.Check(t, func(t *rapid.T) {
		b := shared
		b.pass(time.Minute)
		told := len(b.revocations(t))
		m := &familyModel{tokens: []tokenModel{{answer: b.login(t), generation: 1}}}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			i := len(m.tokens) - 1 - rapid.IntRange(0, min(3, len(m.tokens)-1)).Draw(t, "back")
			ok, ends := m.expects(i, b.clock())
			token := m.tokens[i].answer.refresh()
			switch rapid.SampledFrom([]string{"renew", "renew", "renew", "wait", "wait", "stranger", "revoke"}).Draw(t, "step") {
			case "wait":
				b.pass(time.Duration(rapid.IntRange(1, 12_000).Draw(t, "pause")) * time.Millisecond)
				continue
			case "stranger":
				a := b.postAs(t, other.ID, otherSecret, oauth.TokenPath, "grant_type", "refresh_token", "refresh_token", token)
				requireRefused(t, a, 400, "invalid_grant")
				ends = !m.over
			case "revoke":
				requireRevoked(t, b.revoke(t, "token", token))
				m.over = true
				ends = false
			default:
				a := b.renew(t, token)
				require.Equal(t, ok, a.status == 200, a.text)
				if ok {
					m.renewed(i, a, b.clock())
				}
			}
			if ends {
				m.over = true
				told++
			}
			require.Len(t, b.revocations(t), told, "one event for each family that was betrayed")
			b.requireOneHead(t, m)
		}
	})
}

func (b *bench) requireOneHead(t require.TestingT, m *familyModel) {
	for i, token := range m.tokens {
		active := b.introspect(t, token.answer.refresh()).body["active"]
		require.Equal(t, i == m.head && !m.over, active)
		require.Equal(t, !m.over, b.opens(t, token.answer), "access tokens end with their family")
	}
}

// TestRefresh_A6_rolls_back_with_the_store: where the change fails, the token
// that was presented is still good.
func TestRefresh_A6_rolls_back_with_the_store(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	a := b.login(t)
	working := b.store
	b.store = failing{Store: working, update: errBroken}
	b.serve(t)
	requireRefused(t, b.renew(t, a.refresh()), 500, "server_error")
	b.store = brokenAfter{working}
	b.serve(t)
	requireRefused(t, b.renew(t, a.refresh()), 500, "server_error")
	b.store = working
	b.serve(t)
	b.pass(time.Hour)
	require.Equal(t, 200, b.renew(t, a.refresh()).status)
	require.Empty(t, b.revocations(t))
}

// brokenAfter is a store whose updates fail when everything was written.
type brokenAfter struct{ store.Store }
