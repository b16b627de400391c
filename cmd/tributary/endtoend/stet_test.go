package endtoend

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const frenchBank = "testbank-stet"

// sealedAt says in a folder of certificates where banks find the seal: at one of
// them, which offers it.
func sealedAt(t *testing.T, folder string, at *certified) {
	t.Helper()
	path := filepath.Join(folder, "identities.yaml")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	changed := strings.Replace(string(text), "qseal.key}", "qseal.key, address: \"https://"+at.psd2+"/third-party/qseal.pem\"}", 1)
	require.NotEqual(t, string(text), changed)
	require.NoError(t, os.WriteFile(path, []byte(changed), 0o600))
}

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

// TestSTET_with_a_deferred_debit_card has a card whose payments its account pays
// once a month, with a row on either side. The standard has its name tell the day,
// which is another one each month; the account stays the same.
func TestSTET_with_a_deferred_debit_card(t *testing.T) {
	t.Parallel()
	anna := plain("anna")
	anna.daily, anna.holder = 1, "Anna Martin"
	path := thirdPartyBank(t, "", anna)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	deferred := strings.Replace(string(text), "    credit_limit: 1500.00\n", "    settled_on: anna-checkings\n    settled_day: 28\n", 1)
	require.NotEqual(t, string(text), deferred)
	require.NoError(t, os.WriteFile(path, []byte(deferred), 0o600))
	s := startSandbox(t, options{file: path, plugins: pluginFolder(t, "testbank", "psd2")})
	p := thirdParty{&drama{bank: s.bank, links: map[string]link{}}, s}
	p.staff = s.asClient(t)
	p = p.by(t, "anna")
	l := p.connectsTo(t, frenchBank, nil)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	p.holdsWhatTheBankTells(t, l, "anna")
	card := func() (id, name string, settled int) {
		for _, a := range l.caller.every(t, "/v1/accounts?connection_id="+l.id) {
			if plainText(a["type"]) == "CREDIT_CARD" {
				id, name = plainText(a["id"]), plainText(a["name"])
			}
		}
		for _, r := range l.caller.every(t, "/v1/transactions?account_id="+id) {
			if strings.HasPrefix(plainText(r["raw_label"]), "CARD SETTLEMENT") {
				settled++
			}
		}
		return id, name, settled
	}
	id, name, settled := card()
	require.Regexp(t, "^CREDIT_CARD of anna Anna Martin 28/[0-9/]{7}$", name)
	require.NotZero(t, settled)
	p.staff.post(t, "/v1/sandbox/clock", map[string]any{"advance": "840h"}).want(t, http.StatusOK)
	l.synchronize(t).succeeds(t)
	same, renamed, more := card()
	require.Equal(t, id, same)
	require.NotEqual(t, name, renamed)
	require.Greater(t, more, settled)
}
