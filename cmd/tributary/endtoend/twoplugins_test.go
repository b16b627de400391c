package endtoend

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The two ways to the one bank that two plugins serve.
const (
	sharedBank = "testbank-modern"
	sharedAPI  = "testbank-modern-psd2"
	sharedSite = "testbank-modern-embedded"
)

// channelsOf are the ids and statuses of a connection's channels.
func (l link) channelsOf(t tester) (all []string) {
	t.Helper()
	now := l.look(t)
	for i := range now.at(t, ".channels").([]any) {
		at := ".channels[" + string(rune('0'+i)) + "]"
		all = append(all, now.text(t, at+".channel_definition_id")+" "+now.text(t, at+".status"))
	}
	return all
}

// TestTwoPlugins_one_bank connects a customer over the bank's PSD2 interface, which
// plugins/psd2 speaks, then adds the web site, which plugins/scraper reads in a real
// browser: one provider, one connection, each account and each row once.
func TestTwoPlugins_one_bank(t *testing.T) {
	t.Parallel()
	file := thirdPartyBank(t, "", plain("anna"))
	s := startSandbox(t, options{file: file, plugins: pluginFolder(t, "testbank", "psd2", "scraper"), level: "debug"})
	p := thirdParty{&drama{bank: s.bank, links: map[string]link{}}, s}
	p.staff = s.asClient(t)
	p = p.by(t, "anna")

	bank := p.user.get(t, "/v1/providers/"+sharedBank).want(t, http.StatusOK)
	require.Equal(t, "Test Bank (PSD2 and web site)", bank.text(t, ".name"), "the first plugin's")
	for i, want := range [][3]string{{sharedAPI, "REDIRECT", "UP"}, {sharedSite, "EMBEDDED", "UP"}} {
		at := ".channel_definitions[" + string(rune('0'+i)) + "]"
		require.Equal(t, want, [3]string{bank.text(t, at+".id"), bank.text(t, at+".type"), bank.text(t, at+".status")})
	}

	l := p.user.connectTo(t, sharedBank, sharedAPI, nil)
	p.onPage(t, l, "anna")
	l.succeeds(t)
	require.ElementsMatch(t, []string{"CHECKINGS", "CREDIT_CARD"}, kindsOf(p.user.every(t, "/v1/accounts")))
	before, rows := idsOf(p.user.every(t, "/v1/accounts")), idsOf(p.user.every(t, "/v1/transactions"))

	added := l.put(t, sharedSite, map[string]any{"credentials": map[string]any{"login": "anna", "password": "anna-pass1"}}).want(t, http.StatusAccepted)
	l.run = added.text(t, ".last_synchronization_id")
	l.succeeds(t)
	require.Equal(t, []string{sharedAPI + " SUCCESS", sharedSite + " SUCCESS"}, l.channelsOf(t))
	accounts := p.user.every(t, "/v1/accounts")
	require.ElementsMatch(t, []string{"CHECKINGS", "CREDIT_CARD", "SAVINGS", "LOAN"}, kindsOf(accounts), "each once")
	require.Subset(t, idsOf(accounts), before)
	for _, account := range accounts {
		want := []any{sharedSite}
		if slices.Contains([]any{"CHECKINGS", "CREDIT_CARD"}, account["type"]) {
			want = []any{sharedAPI, sharedSite}
		}
		require.Equal(t, want, account["shared_by"], "%s", account["type"])
	}
	require.Subset(t, idsOf(p.user.every(t, "/v1/transactions")), rows)
	for _, account := range accounts {
		if slices.Contains(before, plainText(account["id"])) {
			require.Subset(t, rows, idsOf(p.user.every(t, "/v1/transactions?account_id="+plainText(account["id"]))), "what the interface gave is not read a second time")
		}
	}
	p.holdsAllThatTheBankTells(t, l, "anna", "CHECKINGS", "CREDIT_CARD", "SAVINGS", "LOAN")
	l = l.synchronize(t)
	l.succeeds(t)
	p.holdsAllThatTheBankTells(t, l, "anna", "CHECKINGS", "CREDIT_CARD", "SAVINGS", "LOAN")
	quota := p.user.get(t, "/v1/connections/"+l.id+"/quota").want(t, http.StatusOK)
	require.Equal(t, []string{sharedAPI, sharedSite}, []string{quota.text(t, ".channels[0].channel_definition_id"), quota.text(t, ".channels[1].channel_definition_id")})

	p.goesOnWithout(t, l)
}

// goesOnWithout breaks one channel, then the other: what the one that works reads is
// fresh, and the status says which one does not.
func (p thirdParty) goesOnWithout(t *testing.T, l link) {
	t.Helper()
	p.bank.admin(t, http.MethodPost, "site", map[string]any{"bot_wall": true}, nil)
	since := p.newestRead(t)
	l = l.synchronize(t)
	l.until(t, "PARTIAL_SUCCESS")
	require.Equal(t, []string{sharedAPI + " SUCCESS", sharedSite + " BLOCKED"}, l.channelsOf(t))
	require.Equal(t, "FAILED", l.look(t).text(t, ".status"))
	require.ElementsMatch(t, []string{"CHECKINGS", "CREDIT_CARD"}, p.readSince(t, since))
	p.bank.admin(t, http.MethodPost, "site", map[string]any{"bot_wall": false}, nil)
	l = l.synchronize(t)
	l.succeeds(t)
	p.revokes(t, l.look(t).text(t, ".channels[0].consent_id"))
	since = p.newestRead(t)
	l = l.synchronize(t)
	l.until(t, "PARTIAL_SUCCESS")
	require.Equal(t, []string{sharedAPI + " TOKEN_EXPIRED", sharedSite + " SUCCESS"}, l.channelsOf(t))
	require.ElementsMatch(t, []string{"SAVINGS", "LOAN"}, p.readSince(t, since))
	p.holdsAllThatTheBankTells(t, l, "anna", "CHECKINGS", "CREDIT_CARD", "SAVINGS", "LOAN")
}

// newestRead is when an account was last read to the end.
func (p thirdParty) newestRead(t *testing.T) (newest time.Time) {
	t.Helper()
	for _, account := range p.user.every(t, "/v1/accounts") {
		if at := lastRead(t, account); at.After(newest) {
			newest = at
		}
	}
	return newest
}

// readSince are the types of the accounts that were read to the end after an instant.
func (p thirdParty) readSince(t *testing.T, instant time.Time) (kinds []string) {
	t.Helper()
	for _, account := range p.user.every(t, "/v1/accounts") {
		if lastRead(t, account).After(instant) {
			kinds = append(kinds, plainText(account["type"]))
		}
	}
	return kinds
}

func lastRead(t *testing.T, account map[string]any) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, plainText(account["last_success_at"]))
	require.NoError(t, err)
	return at
}
