package conformance

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// What the customer plain has: an account whose four rows are on two pages, and a card with one row.
var (
	list     = []string{"GET accounts", "GET card-accounts"}
	balance  = "GET accounts/_/balances"
	pages    = []string{"GET accounts/_/transactions", "GET accounts/_/transactions 2"}
	cardPage = []string{"GET card-accounts/_/balances", "GET card-accounts/_/transactions"}
	reading  = slices.Concat(list, []string{balance}, pages, cardPage)
	// older is what the first synchronization goes on with: all that lies before 90 days. Balances were read already.
	older = []string{"GET accounts", "GET card-accounts", "GET accounts/_/transactions", "GET card-accounts/_/transactions"}
	// agreeing asks how the consent stands after the return, and then reads how long the bank made it.
	agreeing = []string{"POST consents", "GET consents/_"}
)

// TestCalls counts every call of the bank, of tokens too, in the order in which the server has them made: none is there
// that the standard does not need.
func TestCalls(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bank, entry string
		// connect is what a new consent costs, first the synchronization that follows at once, then what is older, daily one
		// with nobody there, attended one with the user there, end the revocation.
		connect, first, older, daily, attended, end []string
	}{
		"redirect": {
			entry: redirect, connect: agreeing, first: reading, older: older, daily: reading, attended: slices.Concat([]string{"GET consents/_/status"}, reading),
			end: []string{"DELETE consents/_"},
		},
		"explicit start": {
			entry:   "sca: {approaches: [redirect], explicit_start: true}",
			connect: []string{"POST consents", "POST consents/_/authorisations", "GET consents/_"},
			first:   reading, older: older, daily: reading, attended: slices.Concat([]string{"GET consents/_/status"}, reading), end: []string{"DELETE consents/_"},
		},
		"balances with the list": {
			entry: redirect + ", accounts: {cards: true, with_balance: true}", connect: agreeing, first: slices.Concat(list, pages, cardPage), older: older,
			daily: slices.Concat(list, pages, cardPage), attended: slices.Concat([]string{"GET consents/_/status"}, list, pages, cardPage), end: []string{"DELETE consents/_"},
		},
		"no cards": {
			entry: redirect + ", accounts: {cards: false}", connect: agreeing, first: slices.Concat(list[:1], []string{balance}, pages),
			older: []string{older[0], older[2]}, daily: slices.Concat(list[:1], []string{balance}, pages), attended: slices.Concat([]string{"GET consents/_/status"}, list[:1], []string{balance}, pages),
			end: []string{"DELETE consents/_"},
		},
		"integrated": {
			bank: "oauth: integrated, token_life: 1h", entry: redirect + ", oauth: {kind: integrated}",
			connect: []string{"POST consents", "GET .well-known/oauth-authorization-server", "POST token", "GET consents/_"},
			first:   reading, older: older, daily: slices.Concat([]string{"POST token"}, reading), attended: slices.Concat([]string{"GET consents/_/status"}, reading),
			end: []string{"DELETE consents/_"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openWith(t, bankWith(cmp.Or(c.bank, "history_days: 400")))
			d := w.as(company, c.entry)
			ready := w.connected(d)
			require.Equal(t, c.connect, w.tap.since(), "a new consent")
			w.runs(d, &ready, someone)
			require.Equal(t, c.first, w.tap.since(), "the first synchronization")
			before := &sink{}
			require.NoError(t, d.Fetch(t.Context(), sdk.FetchRequest{
				PSU: someone, Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets, Window: sdk.Window{To: "2025-12-28"},
			}, before))
			require.Equal(t, c.older, w.tap.since(), "what is older")
			require.Empty(t, itemsOf[sdk.AccountFailureItem](before))
			w.mu.Lock()
			w.now = w.now.Add(24 * time.Hour)
			w.mu.Unlock()
			w.begins(d, ready, nil)
			w.runs(d, &ready, nil)
			require.Equal(t, c.daily, w.tap.since(), "a daily run")
			w.begins(d, ready, someone)
			w.runs(d, &ready, someone)
			require.Equal(t, c.attended, w.tap.since(), "a run with the user there")
			require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: ready.Secrets, Revoke: true}))
			require.Equal(t, c.end, w.tap.since(), "the end")
		})
	}
}

// connected gives a consent on the bank's page.
func (w *world) connected(d *berlin.Dialect) *sdk.Ready {
	w.t.Helper()
	step := w.begin(d, nil)
	back := w.onPage(w.follow(step.Challenge.URL), "plain", "approve")
	done, err := w.next(d, step, sdk.Secrets{"state": "s-1", "code": back.Get("code")})
	require.NoError(w.t, err)
	require.NotNil(w.t, done.Ready)
	return done.Ready
}

// begins is how each later session starts.
func (w *world) begins(d *berlin.Dialect, ready *sdk.Ready, psu *sdk.PSU) {
	w.t.Helper()
	step, err := d.Begin(w.t.Context(), sdk.BeginRequest{PSU: psu, Secrets: ready.Secrets, ReturnURL: returnURL, ReturnState: "s-3"})
	require.NoError(w.t, err)
	require.NotNil(w.t, step.Ready)
}

// runs reads everything, with a fresh token where the one before is over.
func (w *world) runs(d *berlin.Dialect, ready **sdk.Ready, psu *sdk.PSU) {
	w.t.Helper()
	s, err := w.fetch(d, *ready, psu)
	if err != nil {
		fails(w.t, sdk.SecretStale, err)
		renewed, err := d.Refresh(w.t.Context(), sdk.RefreshRequest{Secrets: (*ready).Secrets})
		require.NoError(w.t, err)
		*ready = &renewed
		s, err = w.fetch(d, *ready, psu)
		require.NoError(w.t, err)
	}
	require.Empty(w.t, itemsOf[sdk.AccountFailureItem](s))
}

// TestCallsWithoutAPage counts what the other ways to agree cost.
func TestCallsWithoutAPage(t *testing.T) {
	t.Parallel()
	w := open(t)
	d := w.as(company, embedded)
	step := w.begin(d, sdk.Secrets{"psu_id": "texted"})
	step, err := w.next(d, step, sdk.Secrets{"password": "canary-password"})
	require.NoError(t, err)
	step, err = w.next(d, step, sdk.Secrets{"code": "123456"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	require.Equal(t, []string{"POST consents", "POST consents/_/authorisations", "PUT consents/_/authorisations/_", "GET consents/_"}, w.tap.since(), "embedded")

	d = w.as(company, decoupled)
	step = w.begin(d, sdk.Secrets{"psu_id": "phoned"})
	looks := 0
	for ; step.Ready == nil; looks++ {
		step, err = w.next(d, step, nil)
		require.NoError(t, err)
	}
	wanted := []string{"POST consents"}
	for range looks {
		wanted = append(wanted, "GET consents/_/authorisations/_")
	}
	require.Equal(t, append(wanted, "GET consents/_"), w.tap.since(), "decoupled: one look for each time that somebody asks")
}
