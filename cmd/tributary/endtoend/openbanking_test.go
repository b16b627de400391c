package endtoend

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
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

// TestOpenBanking_with_a_request_that_another_signed is a bank that knows us by our
// certificate alone: it takes our word that a user comes, and refuses the user, who
// brings what is signed by a key that was not registered. With the right one the
// user goes on.
func TestOpenBanking_with_a_request_that_another_signed(t *testing.T) {
	t.Parallel()
	d, identities := openDrawer(t), t.TempDir()
	c := certifiedBank(t, "", plain("anna"), plain("ella"))
	c.open(t, d.bank(t))
	d.writes(t, identities, nil)
	p := c.asThirdParty(t, identities, c.entered(british, "uk", "", "oauth: proof: tls_client_auth\n")).by(t, "anna")
	p.registers(t, c, "", d.folders["ours"], "tls_client_auth")
	before := p.agrees(t, "uk", "anna")
	rows := before.rowIDs(t)
	c.endTokens(t, "anna")
	p.restartsWith(t, func() { d.writes(t, identities, map[string]string{"uk": "seal: " + d.seal("new", "new")}) })
	before = before.synchronize(t)
	before.succeeds(t) // tokens are renewed, for which nothing is signed
	require.Equal(t, rows, before.rowIDs(t))
	later := p.connectsTo(t, "uk", nil)
	asked := later.asked(t, "")
	page, err := http.Get(asked.text(t, ".url"))
	require.NoError(t, err)
	require.NoError(t, page.Body.Close())
	require.Equal(t, http.StatusBadRequest, page.StatusCode, "nobody is sent back to an address that is not signed for")
	later.caller.post(t, "/v1/synchronizations/"+later.run+"/cancel", nil).want(t, http.StatusOK)
	require.Empty(t, later.caller.every(t, "/v1/accounts?connection_id="+later.id))
	require.Empty(t, later.caller.every(t, "/v1/consents?status=ACTIVE&connection_id="+later.id))
	p.restartsWith(t, func() { d.writes(t, identities, nil) })
	later = later.synchronize(t)
	p.onPage(t, later, "ella")
	later.succeeds(t)
	before.synchronize(t).succeeds(t)
	p.tellsNoSecret(t)
}

// lives tells which customers' consents the bank holds to be good, by what it wrote
// down.
func (c *certified) lives(t *testing.T) (logins []string) {
	t.Helper()
	text, err := os.ReadFile(c.consents)
	require.NoError(t, err)
	last := map[string]string{}
	for line := range strings.Lines(string(text)) {
		var kept struct {
			ID, Login string
			Ended     bool
		}
		require.NoError(t, json.Unmarshal([]byte(line), &kept))
		if delete(last, kept.ID); kept.Login != "" && !kept.Ended {
			last[kept.ID] = kept.Login
		}
	}
	return slices.Sorted(maps.Values(last))
}

// TestOpenBanking_whose_consents_outlive_ours is a bank whose consents have no end.
// Where its token server lost the tokens, where ours ended and the connection goes,
// and where it ended and the user takes it back, the bank hears of it: nobody could
// end it afterwards.
func TestOpenBanking_whose_consents_outlive_ours(t *testing.T) {
	t.Parallel()
	good := papers(t)
	c := certifiedWith(t, slimBank("open_banking: {refresh: lost}, ", "anna", "dora", "ella", "rose"))
	c.open(t, good)
	p := c.asThirdParty(t, good, c.entered(british, "uk", "", "")).by(t, "anna")
	p.registers(t, c, "", good, "private_key_jwt")
	links := map[string]link{}
	for _, login := range []string{"anna", "dora", "ella", "rose"} {
		links[login] = p.agrees(t, "uk", login)
	}
	require.Equal(t, []string{"anna", "dora", "ella", "rose"}, c.lives(t))

	l, rows := links["anna"], links["anna"].rowIDs(t)
	own := l.look(t).text(t, ".channels[0].consent_id")
	for _, code := range []string{"", "PROVIDER_UNAVAILABLE", "TOKEN_EXPIRED"} { // each second refresh is lost, and its token with it
		c.endTokens(t, "anna")
		if l = l.synchronize(t); code == "" {
			l.succeeds(t)
		} else {
			l.fails(t, code)
		}
	}
	require.Equal(t, "EXPIRED", p.user.get(t, "/v1/consents/"+own).want(t, http.StatusOK).text(t, ".status"))
	eventually(t, patience, "the bank is not told", func() bool { return p.accesses(t, own)[0] == "REVOKE SUCCESS" })
	require.Equal(t, []string{"dora", "ella", "rose"}, c.lives(t))
	l = l.synchronize(t)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	require.Equal(t, rows, l.rowIDs(t))
	require.Equal(t, []string{"anna", "dora", "ella", "rose"}, c.lives(t))

	ended := map[string]string{}
	for _, login := range []string{"dora", "ella", "rose"} {
		ended[login] = links[login].look(t).text(t, ".channels[0].consent_id")
	}
	p.staff.post(t, "/v1/sandbox/clock", map[string]any{"advance": "2400h"}).want(t, http.StatusOK)
	for _, id := range ended {
		eventually(t, patience, "it does not end", func() bool { return p.user.get(t, "/v1/consents/"+id).text(t, ".status") == "EXPIRED" })
	}
	require.Equal(t, []string{"anna", "dora", "ella", "rose"}, c.lives(t), "ours have ended, the bank's have not")
	p.user.send(t, p.user.request(t, http.MethodDelete, "/v1/connections/"+links["dora"].id, nil)).want(t, http.StatusNoContent)
	p.revokes(t, ended["rose"])
	eventually(t, patience, "the bank is not told", func() bool { return slices.Equal(c.lives(t), []string{"anna", "ella"}) })
	links["ella"].synchronize(t).succeeds(t)
	require.Equal(t, []string{"anna", "ella"}, c.lives(t), "who comes back confirms it to us")
	p.tellsNoSecret(t)
}
