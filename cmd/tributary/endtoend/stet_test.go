package endtoend

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const frenchBank = "testbank-stet"

// TestSTET connects with real processes over the bank's interface of STET: with
// mixed consents the bank is told which accounts are read, with full ones it is not.
func TestSTET(t *testing.T) {
	t.Parallel()
	many := func(p persona) persona { p.daily = 1; return p }
	p := startThirdParty(t, "token_life: 2s, feed: {account_ids: session}, ", many(plain("anna")), many(texted("paul", "123456")))
	t.Run("Mixed", func(t *testing.T) {
		t.Parallel()
		p := p.by(t, "anna")
		l := p.connectsTo(t, frenchBank, nil)
		p.onPage(t, l, "anna")
		l.succeeds(t)
		p.holdsWhatTheBankTells(t, l, "anna")
		time.Sleep(2 * time.Second) // a token's life, on real time
		l.synchronize(t).succeeds(t)
		require.Contains(t, p.accesses(t, l.look(t).text(t, ".channels[0].consent_id")), "REFRESH SUCCESS")
		p.renewsAndRevokes(t, l, "anna")
	})
	t.Run("Refused", func(t *testing.T) {
		t.Parallel()
		p := p.by(t, "nobody")
		l := p.connectsTo(t, frenchBank, nil)
		_, back := post(t, p.leads(t, l.asked(t, "").text(t, ".url")), url.Values{"decision": {"refuse"}})
		p.returns(t, back)
		require.Equal(t, "CHALLENGE_REQUIRED", l.until(t, "FAILED").text(t, ".error.code"))
	})
	t.Run("Full", func(t *testing.T) {
		t.Parallel()
		p := startThirdParty(t, "stet: {consents: full, remittance: object, path: v1.4}, ", many(plain("ella"))).by(t, "ella")
		l := p.connectsTo(t, frenchBank, nil)
		p.onPage(t, l, "ella")
		l.succeeds(t)
		p.holdsWhatTheBankTells(t, l, "ella")
		consent := l.look(t).text(t, ".channels[0].consent_id")
		p.user.post(t, "/v1/consents/"+consent+"/revoke", nil).want(t, http.StatusOK)
		require.Equal(t, "TOKEN_EXPIRED", l.synchronize(t).until(t, "FAILED").text(t, ".error.code"))
	})
}

// TestSTET_after_a_restart goes on with the consent, and with what the bank was
// told, at another address of the bank.
func TestSTET_after_a_restart(t *testing.T) {
	t.Parallel()
	anna := plain("anna")
	anna.daily = 1
	p := startThirdParty(t, "token_life: 1s, ", anna).by(t, "anna")
	l := p.connectsTo(t, frenchBank, nil)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	p.sandbox.stop(t)
	p.sandbox.restart(t)
	p.bank = p.sandbox.bank
	l.synchronize(t).succeeds(t)
	p.holdsWhatTheBankTells(t, l, "anna")
}
