package conformance

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/openbanking"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// meeting is the plugin's British dialect before the test bank's British side.
type meeting struct {
	*british
	d *openbanking.Dialect
}

// meets registers the plugin's company with a bank, and makes its dialect with an entry of the catalogue.
func meets(t *testing.T, bank, version, response, proof, more string) *meeting {
	t.Helper()
	w := openWith(t, bank)
	b := w.ukParty(t, company, v31)
	key := jose.JSONWebKey{Key: ourKey().Public(), KeyID: "k1", Algorithm: "PS256", Use: "sig"}
	text, err := json.Marshal(map[string]any{"redirect_uris": []string{returnURL}, "token_endpoint_auth_method": proof, "jwks": jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}}})
	require.NoError(t, err)
	status, _, said := b.send(http.MethodPost, "/open-banking/register", string(text), map[string]string{"Content-Type": "application/json"})
	require.Equal(t, http.StatusCreated, status, said)
	entry, err := catalogue.Parse("testbank.yaml", []byte(fmt.Sprintf("{id: testbank, name: Test Bank, country: GB, standard: open-banking-uk, version: '%s', addresses: {api: '%s'}, sca: {approaches: [redirect]}, "+
		"oauth: {kind: openid, issuer: '%[2]s/open-banking', response: %[3]s, proof: %[4]s}%[5]s}", version, w.base, response, proof, more)), map[string]catalogue.Quirks{catalogue.OpenBankingUK: openbanking.Quirks()})
	require.NoError(t, err)
	transport := b.http.Transport.(*http.Transport).TLSClientConfig.Certificates[0]
	identity := operator.Identity{Transport: &transport, Seal: &operator.Seal{Key: ourKey(), KeyID: "k1"}, Roots: w.authority.Pool(), ClientID: company.ID}
	line, err := bankhttp.New(entry, identity)
	require.NoError(t, err)
	d, err := openbanking.New(openbanking.Dialect{Bank: entry, Identity: identity, Line: line, Now: w.clock, Random: rand.Reader})
	require.NoError(t, err)
	w.tap.since()
	return &meeting{b, d}
}

// ourKey signs what the plugin says in all meetings: making keys takes long.
var ourKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

const permissions = ", consent: {model: permissions}"

// begins is how a session starts.
func (m *meeting) begins(ready *sdk.Ready, psu *sdk.PSU) (sdk.Step, error) {
	m.british.t.Helper()
	req := sdk.BeginRequest{PSU: psu, ReturnURL: returnURL, ReturnState: "s-1"}
	if ready != nil {
		req.Secrets = ready.Secrets
	}
	return m.d.Begin(m.british.t.Context(), req)
}

// returns has a customer decide on the bank's page, and takes what the browser brings back, from the fragment or the query.
func (m *meeting) returns(step sdk.Step, login, decision string) (sdk.Step, error) {
	m.british.t.Helper()
	require.NotNil(m.british.t, step.Challenge)
	page, text := m.visits(step.Challenge.URL)
	require.True(m.british.t, strings.HasPrefix(page.String(), m.base), "%s: %s", page, text)
	back, said := m.agrees(page.String(), login, decision)
	require.Equal(m.british.t, m.d.Bank.OAuth.Response == catalogue.Hybrid, back.Fragment != "")
	require.Equal(m.british.t, "s-1", said.Get("state"))
	answers := sdk.Secrets{}
	for name := range said {
		answers[name] = said.Get(name)
	}
	delete(answers, "state") // the server's
	return m.d.Continue(m.british.t.Context(), sdk.ContinueRequest{PSU: someone, ChallengeID: step.Challenge.ID, Answers: answers, State: step.Challenge.State, ReturnURL: returnURL, ReturnState: "s-2"})
}

// agrees to everything.
func (m *meeting) agreedTo(login string) *sdk.Ready {
	m.british.t.Helper()
	step, err := m.begins(nil, someone)
	require.NoError(m.british.t, err)
	done, err := m.returns(step, login, "approve")
	require.NoError(m.british.t, err)
	require.NotNil(m.british.t, done.Ready)
	return done.Ready
}

func (m *meeting) reads(ready *sdk.Ready, psu *sdk.PSU, window sdk.Window) (*sink, error) {
	s := &sink{}
	return s, m.d.Fetch(m.british.t.Context(), sdk.FetchRequest{PSU: psu, Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets, Window: window}, s)
}

var recent = sdk.Window{Default: "2026-01-01", To: "2026-03-14"}

// linesOf are accounts, balances and rows, in a line each.
func linesOf(s *sink) (accounts, balances, rows []string) {
	for _, a := range itemsOf[sdk.AccountItem](s) {
		accounts = append(accounts, strings.TrimSpace(fmt.Sprint(a.Account.Type, " ", a.Account.Name, " ", a.Account.Holder, " ", a.Account.IBAN, " ", a.Account.Number)))
	}
	for _, item := range itemsOf[sdk.BalancesItem](s) {
		for _, b := range item.Balances {
			balances = append(balances, fmt.Sprint(b.Type, " ", b.Amount))
		}
	}
	for _, item := range itemsOf[sdk.TransactionsItem](s) {
		for _, r := range item.Transactions {
			rows = append(rows, strings.TrimSpace(fmt.Sprint(r.Amount, " ", r.Status, " ", r.BookingDate, " ", r.Label, " ", r.Type, " ", r.Counterparty)))
		}
	}
	return accounts, balances, rows
}

// The whole life of a consent, in both versions, both ways of answering and both ways of knowing us; each reads the same.
func TestMeeting(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"3.1.11", "4.0"} {
		for _, response := range []string{catalogue.Hybrid, catalogue.Code} {
			for _, proof := range []string{catalogue.SignedProof, catalogue.Certificate} {
				t.Run(strings.Join([]string{version, response, proof}, " "), func(t *testing.T) {
					t.Parallel()
					m := meets(t, bankFile, version, response, proof, permissions)
					ready := m.agreedTo("plain")
					require.True(t, ready.Consent.ValidUntil.IsZero(), "the bank's consent has no end")
					s, err := m.reads(ready, someone, recent)
					require.NoError(t, err)
					require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
					accounts, balances, rows := linesOf(s)
					require.Len(t, accounts, 2)
					require.Contains(t, strings.Join(accounts, "\n"), "FR7699991004200000010010180")
					require.Contains(t, strings.Join(accounts, "\n"), "CHECKINGS Current Ann, Bob")
					require.Contains(t, strings.Join(accounts, "\n"), "CREDIT_CARD Card")
					require.Subset(t, balances, []string{"BOOKED 100.00", "BOOKED -12.30"})
					require.ElementsMatch(t, []string{"-3.00 PENDING 2026-03-14 three POINT_OF_SALE", "2.00 BOOKED 2026-03-13 two  Employer", "-1.00 BOOKED 2026-03-12 one DIRECT_DEBIT Power", "-0.50 BOOKED 2026-02-01 old ATM", "-12.30 BOOKED 2026-03-10 Shop POINT_OF_SALE"}, rows)

					m.passes(24 * time.Hour) // its tokens are over
					step, err := m.begins(ready, nil)
					require.NoError(t, err)
					require.NotNil(t, step.Ready)
					_, err = m.reads(ready, nil, recent)
					fails(t, sdk.SecretStale, err)
					renewed, err := m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
					require.NoError(t, err)
					_, err = m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
					fails(t, sdk.TokenExpired, err)
					s, err = m.reads(&renewed, nil, recent)
					require.NoError(t, err)
					_, _, again := linesOf(s)
					require.ElementsMatch(t, rows, again)

					m.passes(100 * 24 * time.Hour) // ours is over, and confirmed by the user to us
					step, err = m.begins(&renewed, someone)
					require.NoError(t, err)
					require.NotNil(t, step.Ready, "the user is not sent to the bank")

					require.NoError(t, m.d.End(t.Context(), sdk.EndRequest{Secrets: renewed.Secrets, Revoke: true}))
					require.NoError(t, m.d.End(t.Context(), sdk.EndRequest{Secrets: renewed.Secrets, Revoke: true}), "twice is once")
					step, err = m.begins(&renewed, someone)
					require.NoError(t, err)
					require.NotNil(t, step.Challenge, "a consent that is no more is given anew")
				})
			}
		}
	}
}

// passes lets time go by.
func (m *meeting) passes(d time.Duration) {
	m.mu.Lock()
	m.now = m.now.Add(d)
	m.mu.Unlock()
}

func TestMeeting_refusal(t *testing.T) {
	t.Parallel()
	for _, response := range []string{catalogue.Hybrid, catalogue.Code} {
		m := meets(t, bankFile, "3.1.11", response, catalogue.SignedProof, permissions)
		step, err := m.begins(nil, someone)
		require.NoError(t, err)
		_, err = m.returns(step, "plain", "refuse")
		fails(t, sdk.Refused, err)
	}
}

// Less is asked for: nothing else is read, and what is not granted is told.
func TestMeeting_permissions(t *testing.T) {
	t.Parallel()
	m := meets(t, bankFile, "4.0", catalogue.Hybrid, catalogue.SignedProof, ", consent: {model: permissions, permissions: [ReadAccountsBasic, ReadBalances]}")
	ready := m.agreedTo("plain")
	require.Equal(t, []sdk.Scope{sdk.ScopeAccounts, sdk.ScopeBalances}, ready.Consent.Scopes)
	s, err := m.reads(ready, someone, recent)
	require.NoError(t, err)
	accounts, balances, _ := linesOf(s)
	require.Len(t, accounts, 2)
	require.NotContains(t, strings.Join(accounts, ""), "FR76", "numbers are details")
	require.NotEmpty(t, balances)
	for _, failure := range itemsOf[sdk.AccountFailureItem](s) {
		require.Equal(t, sdk.Blocked, failure.Failure.Code)
	}
}

// Another company shows nothing that the bank gave to us; and would not get far with it.
func TestMeeting_another_company(t *testing.T) {
	t.Parallel()
	m := meets(t, bankFile, "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions)
	ready := m.agreedTo("plain")
	m.world.tap.since()
	m.d.Identity.ClientID = "PSDGB-FCA-99"
	_, err := m.begins(ready, someone)
	require.Equal(t, sdk.Host, fails(t, sdk.Technical, err).Whose)
	_, err = m.reads(ready, someone, recent)
	fails(t, sdk.Technical, err)
	_, err = m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	fails(t, sdk.Technical, err)
	fails(t, sdk.Technical, m.d.End(t.Context(), sdk.EndRequest{Secrets: ready.Secrets, Revoke: true}))
	require.Empty(t, m.world.tap.since(), "the bank hears nothing")
	ready.Secrets.Data = bytes.Replace(ready.Secrets.Data, []byte(company.ID), []byte(m.d.Identity.ClientID), 1)
	_, err = m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.Equal(t, sdk.Host, fails(t, sdk.Technical, err).Whose, "who is not registered proves nothing")
}

// The keys of the bank change between two log-ins.
func TestMeeting_keys(t *testing.T) {
	t.Parallel()
	m := meets(t, bankFile, "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions)
	m.agreedTo("plain")
	m.passes(2 * time.Minute)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.base+"/api/admin/open-banking/keys", nil)
	require.NoError(t, err)
	answer, err := m.world.http.Do(r)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Less(t, answer.StatusCode, 300)
	m.world.tap.since()
	m.agreedTo("plain")
	require.Contains(t, m.world.tap.since(), "GET open-banking/jwks")
}

// Each deviation of the bank needs the plugin's switch of that name, and none needs more; deviations without a switch are
// understood.
func TestMeeting_deviations(t *testing.T) {
	t.Parallel()
	for deviation, c := range map[string]struct {
		quirk, without string
		old            bool // the rows are of more than half a year
	}{
		"errors: bare": {}, "interactions: any": {}, "not_before: demanded": {}, "nothing: empty": {}, `links: "null"`: {},
		"id_tokens: RS256": {quirk: "older-signatures", without: "BAD_DATA"}, "zones: refused": {quirk: "dates-without-zone", without: "TECHNICAL_ERROR"},
		"span: half_year": {quirk: "half-year-queries", without: "TECHNICAL_ERROR", old: true}, "links: lost": {quirk: "next-loses-account", without: "BAD_DATA"}, "links: round": {quirk: "next-is-self", without: "BAD_DATA"},
	} {
		for _, quirk := range slices.Compact([]string{"", c.quirk}) {
			t.Run(deviation+" "+quirk, func(t *testing.T) {
				t.Parallel()
				m := meets(t, bankWith("open_banking: {"+deviation+"}"), "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions+", quirks: ["+quirk+"]")
				want := ""
				if quirk != c.quirk {
					want = c.without
				}
				require.Equal(t, want, m.came(c.old))
			})
		}
	}
}

// came is what came of a consent and a reading: nothing where all is well, or the code of the first failure.
func (m *meeting) came(old bool) string {
	m.british.t.Helper()
	step, err := m.begins(nil, someone)
	require.NoError(m.british.t, err)
	done, err := m.returns(step, "plain", "approve")
	if err != nil {
		var failure *sdk.Failure
		require.ErrorAs(m.british.t, err, &failure)
		return string(failure.Code)
	}
	window := recent
	if old {
		window.Default = "2025-03-01"
	}
	s, err := m.reads(done.Ready, someone, window)
	require.NoError(m.british.t, err)
	for _, failure := range itemsOf[sdk.AccountFailureItem](s) {
		return string(failure.Failure.Code)
	}
	return ""
}

// What closes some minutes after the authentication is read before, and left out later.
func TestMeeting_history_that_closes(t *testing.T) {
	t.Parallel()
	m := meets(t, bankWith("open_banking: {closes_after: 5m}, token_life: 1h"), "4.0", catalogue.Hybrid, catalogue.SignedProof, permissions)
	ready := m.agreedTo("plain")
	s, err := m.reads(ready, someone, sdk.Window{To: "2026-03-14"})
	require.NoError(t, err)
	require.Equal(t, sdk.Day(""), itemsOf[sdk.AccountDoneItem](s)[0].From, "all there is")
	m.passes(6 * time.Minute)
	s, err = m.reads(ready, nil, sdk.Window{Default: "2025-06-01", To: "2026-03-14"})
	require.NoError(t, err)
	require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
	require.Equal(t, sdk.Day("2025-12-15"), itemsOf[sdk.AccountDoneItem](s)[0].From)
}

// A bank that wants the customer again says so, and the user is asked.
func TestMeeting_agreeing_again(t *testing.T) {
	t.Parallel()
	m := meets(t, bankWith("open_banking: {agree_again: 30}"), "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions)
	ready := m.agreedTo("plain")
	m.passes(31 * 24 * time.Hour)
	renewed, err := m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NoError(t, err)
	_, err = m.reads(&renewed, nil, recent)
	fails(t, sdk.TokenExpired, err)
}

// A token server that loses what it gave: the user is asked at once where the catalogue says so.
func TestMeeting_lost_tokens(t *testing.T) {
	t.Parallel()
	for quirk, want := range map[string]sdk.Code{"": sdk.ProviderUnavailable, "refresh-may-be-spent": sdk.TokenExpired} {
		m := meets(t, bankWith("open_banking: {refresh: lost}"), "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions+", quirks: ["+quirk+"]")
		ready := m.agreedTo("plain")
		renewed, err := m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
		require.NoError(t, err)
		_, err = m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: renewed.Secrets})
		fails(t, want, err)
	}
}

// A consent that may not last longer than the bank wants.
func TestMeeting_expiry(t *testing.T) {
	t.Parallel()
	m := meets(t, bankWith("open_banking: {expiry: demanded}"), "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions)
	_, err := m.begins(nil, someone)
	fails(t, sdk.Technical, err)
	m = meets(t, bankWith("open_banking: {expiry: demanded}"), "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions+", quirks: [consent-expires]")
	ready := m.agreedTo("plain")
	require.Equal(t, "2026-06-12T08:59:00Z", ready.Consent.ValidUntil.Format(time.RFC3339))
	m.passes(91 * 24 * time.Hour)
	step, err := m.begins(ready, someone)
	require.NoError(t, err)
	require.NotNil(t, step.Challenge)
}

// A bank that turned hostile: whatever it answers is a typed failure, or is understood.
func TestMeeting_hostile(t *testing.T) {
	t.Parallel()
	const persona, account = "  - {login: %s, password: canary-password, holder: Ann, behaviours: [{kind: hostile, where: %s, answer: %s}]}\n", "  - {ref: at-%[1]s, owner: %[1]s, type: CHECKINGS, name: Current, number: \"1\", currency: EUR, balance: 1.00}\n"
	var personas, accounts strings.Builder
	places := []string{"accounts", "balances", "transactions", "token"}
	for how := range hostilities {
		for _, place := range places {
			login := string(how) + "-" + place
			fmt.Fprintf(&personas, persona, login, place, how)
			fmt.Fprintf(&accounts, account, login)
		}
	}
	m := meets(t, "personas:\n"+personas.String()+"accounts:\n"+accounts.String(), "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions)
	seen := map[string]string{}
	for _, how := range slices.Sorted(maps.Keys(hostilities)) {
		for _, place := range places {
			if name := string(how) + "-" + place; name != "endless-transactions" { // ten thousand pages: they are counted where pages are read
				seen[name] = m.survives(name)
			}
		}
	}
	for name, came := range seen {
		require.Contains(t, []string{"", "BAD_DATA", "PROVIDER_UNAVAILABLE", "TOKEN_EXPIRED", "CHALLENGE_EXPIRED", "TECHNICAL_ERROR"}, came, name)
	}
	for _, name := range []string{"html-transactions", "broken-accounts", "host-transactions", "redirect-balances", "endless-accounts", "number-balances", "round-transactions", "redirect-token"} {
		require.NotEmpty(t, seen[name], name)
	}
}

func (m *meeting) survives(login string) string {
	m.british.t.Helper()
	step, err := m.begins(nil, someone)
	require.NoError(m.british.t, err)
	done, err := m.returns(step, login, "approve")
	var failure *sdk.Failure
	if err == nil {
		var s *sink
		if s, err = m.reads(done.Ready, someone, recent); err == nil {
			for _, failed := range itemsOf[sdk.AccountFailureItem](s) {
				return string(failed.Failure.Code)
			}
			return ""
		}
	}
	require.ErrorAs(m.british.t, err, &failure, login)
	require.NotContains(m.british.t, fmt.Sprint(failure.Cause), "elsewhere", login)
	return string(failure.Code)
}

// TestMeeting_calls counts every call of the bank, as TestCalls does of the Berlin Group.
func TestMeeting_calls(t *testing.T) {
	t.Parallel()
	m := meets(t, bankWith("history_days: 400"), "3.1.11", catalogue.Hybrid, catalogue.SignedProof, permissions)
	counted := func() (calls []string) {
		for _, call := range m.world.tap.since() {
			calls = append(calls, strings.NewReplacer("open-banking/v3.1/aisp/", "", "open-banking/", "").Replace(call))
		}
		return calls
	}
	ready := m.agreedTo("plain")
	require.Equal(t, []string{"GET .well-known/openid-configuration", "POST token", "POST account-access-consents", "GET jwks", "POST token"}, counted(), "a new consent")
	reading := []string{"GET accounts", "GET accounts/_/balances", "GET accounts/_/transactions", "GET accounts/_/transactions 2", "GET accounts/_/balances", "GET accounts/_/transactions"}
	_, err := m.reads(ready, someone, recent)
	require.NoError(t, err)
	require.Equal(t, reading, counted(), "the first synchronization")
	m.passes(24 * time.Hour)
	renewed, err := m.d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NoError(t, err)
	_, err = m.reads(&renewed, nil, recent)
	require.NoError(t, err)
	require.Equal(t, append([]string{"GET .well-known/openid-configuration", "POST token"}, reading...), counted(), "a daily run")
	_, err = m.begins(&renewed, someone)
	require.NoError(t, err)
	require.Equal(t, []string{"POST token", "GET account-access-consents/_"}, counted(), "what a run with the user there begins with")
	require.NoError(t, m.d.End(t.Context(), sdk.EndRequest{Secrets: renewed.Secrets, Revoke: true}))
	require.Equal(t, []string{"POST token", "DELETE account-access-consents/_"}, counted(), "the end")
}
