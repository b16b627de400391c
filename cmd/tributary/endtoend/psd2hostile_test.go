package endtoend

import (
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// hostilities are what a bank does from its second day on, and what the run is
// then: its status, and the code of it or of its accounts.
var hostilities = map[string]struct{ where, answer, ends, code string }{
	"page-instead":   {"accounts", "html", "FAILED", "TECHNICAL_ERROR"},
	"torn":           {"accounts", "broken", "FAILED", "TECHNICAL_ERROR"},
	"gone-elsewhere": {"accounts", "redirect", "FAILED", "TECHNICAL_ERROR"},
	"endless":        {"transactions", "endless", "PARTIAL_SUCCESS", "TECHNICAL_ERROR"},
	"round":          {"transactions", "round", "PARTIAL_SUCCESS", "TECHNICAL_ERROR"},
	"next-elsewhere": {"transactions", "host", "PARTIAL_SUCCESS", "TECHNICAL_ERROR"},
	"number":         {"transactions", "number", "PARTIAL_SUCCESS", "TECHNICAL_ERROR"},
	"no-balance":     {"balances", "number", "PARTIAL_SUCCESS", "TECHNICAL_ERROR"},
	"long":           {"transactions", "ids", "SUCCESS", ""},
	"nulls":          {"transactions", "nulls", "SUCCESS", ""},
	"nothing":        {"transactions", "empty", "SUCCESS", ""},
}

// bankSecrets are what no log may hold: passwords, codes and tokens of the bank,
// keys, and what authorises a call.
var bankSecrets = regexp.MustCompile(`-pass1|(?:acc|ref|cod)_[0-9a-f]{36}|ref_ey|PRIVATE KEY|Bearer |code_verifier|confirmationCode=|signature="|own_[A-Z2-7]{26}|eyJ[0-9A-Za-z_-]{20,}\.`)

// TestPSD2_with_a_hostile_bank has a bank that was good turn bad overnight: the
// status is typed, nothing that was read is lost or doubled, nobody else is
// asked, and no log tells a secret.
func TestPSD2_with_a_hostile_bank(t *testing.T) {
	t.Parallel()
	turnsHostile(t, "testbank-xs2a")
}

// TestOpenBanking_with_a_hostile_bank is the same over that interface.
func TestOpenBanking_with_a_hostile_bank(t *testing.T) {
	t.Parallel()
	turnsHostile(t, "testbank-uk")
}

// TestSTET_with_a_hostile_bank is the same over that one.
func TestSTET_with_a_hostile_bank(t *testing.T) {
	t.Parallel()
	turnsHostile(t, frenchBank)
}

func turnsHostile(t *testing.T, provider string) {
	t.Helper()
	require.Len(t, bankSecrets.FindAllString(`Bearer acc_0123456789abcdef0123456789abcdef0123 anna-pass1 eyJhbGciOiJQUzI1NiIsImtpZCI6I.`, -1), 4, "the search finds nothing")
	var personas []persona
	for login, h := range hostilities {
		who := plain(login)
		who.behaviours = fmt.Sprintf("[{kind: hostile, where: %s, answer: %s, since: today+1}]", h.where, h.answer)
		personas = append(personas, who)
	}
	p := startThirdParty(t, "", personas...)
	links := map[string]link{}
	for login := range hostilities {
		one := p.by(t, login)
		l := one.connectsTo(t, provider, nil)
		one.onPage(t, l, login)
		links[login] = l
	}
	for _, l := range links {
		l.succeeds(t)
	}
	before := map[string][]string{}
	for login, l := range links {
		before[login] = l.rowIDs(t)
		require.NotEmpty(t, before[login])
	}
	p.staff.post(t, "/v1/sandbox/clock", map[string]any{"now": time.Now().UTC().Truncate(24 * time.Hour).Add(36 * time.Hour).Format(time.RFC3339)}).want(t, http.StatusOK)
	for login, h := range hostilities {
		run := links[login].synchronize(t).over(t)
		require.Equal(t, h.ends, run.text(t, ".status"), "%s: %s", login, run.body)
		if h.code != "" {
			require.Contains(t, string(run.body), `"code":"`+h.code+`"`, login)
		}
		require.Subset(t, links[login].rowIDs(t), before[login], "%s: nothing is lost", login)
	}
	for _, log := range p.sandbox.logs {
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		require.Contains(t, string(text), "channel failed")
		require.Empty(t, bankSecrets.FindAllString(string(text), 3))
		require.NotContains(t, string(text), "elsewhere.example", "what a bank says is not repeated")
	}
}

// TestPSD2_with_a_hostile_token_server is answered 200 with an error, and later
// with a page, by who has a good consent.
func TestPSD2_with_a_hostile_token_server(t *testing.T) {
	t.Parallel()
	hostileTokens(t, "testbank-xs2a")
}

// TestSTET_with_a_hostile_token_server is the same over that interface.
func TestSTET_with_a_hostile_token_server(t *testing.T) {
	t.Parallel()
	hostileTokens(t, frenchBank)
}

func hostileTokens(t *testing.T, provider string) {
	t.Helper()
	wrong, page := plain("wrong"), plain("page")
	wrong.behaviours = "[{kind: hostile, where: token, answer: error, since: today+1}]"
	page.behaviours = "[{kind: hostile, where: token, answer: html}]"
	p := startThirdParty(t, "oauth: integrated, token_life: 1s, ", wrong, page)
	first := p.by(t, "page")
	l := first.connectsTo(t, provider, nil)
	first.onPage(t, l, "page")
	l.fails(t, "TECHNICAL_ERROR")
	second := p.by(t, "wrong")
	l = second.connectsTo(t, provider, nil)
	second.onPage(t, l, "wrong")
	l.succeeds(t)
	before := l.rowIDs(t)
	p.staff.post(t, "/v1/sandbox/clock", map[string]any{"now": time.Now().UTC().Truncate(24 * time.Hour).Add(36 * time.Hour).Format(time.RFC3339)}).want(t, http.StatusOK)
	time.Sleep(time.Second) // a token's life, on real time
	l.synchronize(t).fails(t, "TOKEN_EXPIRED")
	require.Equal(t, before, l.rowIDs(t))
	for _, log := range p.sandbox.logs {
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		require.Empty(t, bankSecrets.FindAllString(string(text), 3))
	}
}

func (l link) rowIDs(t *testing.T) (ids []string) {
	t.Helper()
	for _, row := range l.caller.every(t, "/v1/transactions?status=BOOKED&connection_id="+l.id) { // a pending row that is no longer told has lapsed
		ids = append(ids, plainText(row["id"]))
	}
	slices.Sort(ids)
	require.Len(t, slices.Compact(slices.Clone(ids)), len(ids), strings.Join(ids, " "))
	return ids
}
