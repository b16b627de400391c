package endtoend

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestOpenBanking connects with real processes over the bank's interface of UK
// Open Banking, in both versions: 3.1 answers behind a number sign, 4.0 with a
// code alone.
func TestOpenBanking(t *testing.T) {
	t.Parallel()
	many := func(p persona) persona { p.daily = 1; return p }
	p := startThirdParty(t, "token_life: 2s, feed: {account_ids: session}, ", many(plain("anna")), many(plain("ella")))
	for provider, login := range map[string]string{"testbank-uk": "anna", "testbank-uk-4": "ella"} {
		t.Run(provider, func(t *testing.T) {
			t.Parallel()
			p := p.by(t, login)
			l := p.connectsTo(t, provider, nil)
			p.onPage(t, l, login)
			l.succeeds(t)
			p.holdsWhatTheBankTells(t, l, login)
			time.Sleep(2 * time.Second) // a token's life, on real time
			l.synchronize(t).succeeds(t)
			require.Contains(t, p.accesses(t, l.look(t).text(t, ".channels[0].consent_id")), "REFRESH SUCCESS")
			p.renewsAndRevokes(t, l, "") // by a word to us: the bank's consent lives on
		})
	}
	t.Run("Refused", func(t *testing.T) {
		t.Parallel()
		p := p.by(t, "nobody")
		l := p.connectsTo(t, "testbank-uk", nil)
		page := p.leads(t, l.asked(t, "").text(t, ".url"))
		_, back := post(t, page, url.Values{"decision": {"refuse"}})
		p.returns(t, back)
		require.Equal(t, "CHALLENGE_REQUIRED", l.until(t, "FAILED").text(t, ".error.code"))
	})
}

// TestOpenBanking_after_a_restart goes on with the consent and its refresh token
// at another address of the bank, where the sandbox registers with other keys.
func TestOpenBanking_after_a_restart(t *testing.T) {
	t.Parallel()
	anna := plain("anna")
	anna.daily = 1
	p := startThirdParty(t, "", anna).by(t, "anna")
	l := p.connectsTo(t, "testbank-uk", nil)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	p.sandbox.stop(t)
	p.sandbox.restart(t)
	p.bank = p.sandbox.bank
	l.synchronize(t).succeeds(t)
	p.holdsWhatTheBankTells(t, l, "anna")
	p.revokes(t, l.look(t).text(t, ".channels[0].consent_id"))
}
