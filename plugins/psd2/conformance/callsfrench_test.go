package conformance

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/stet"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// TestCallsInFrench counts every call of a bank of STET, of tokens too, in order: none is there that the standard does not
// need. Nothing asks how a consent stands, because nothing can.
func TestCallsInFrench(t *testing.T) {
	t.Parallel()
	list, rows := "GET accounts", []string{"GET accounts/_/transactions", "GET accounts/_/transactions 2"}
	cards := []string{"GET accounts/_/balances", "GET accounts/_/transactions"}
	reading := slices.Concat([]string{list, "GET accounts/_/balances"}, rows, cards)
	for name, c := range map[string]struct {
		bank, entry string
		connect     []string
		first       []string
		end         []string
	}{
		"mixed":                {"", mixed, []string{"POST token", list, "PUT consents"}, reading, []string{"PUT consents"}},
		"full":                 {"consents: full", full, []string{"POST token"}, reading, nil},
		"balances in the list": {"consents: full, balances: inline", full, []string{"POST token"}, slices.Concat([]string{list}, rows, cards[1:]), nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := openFrench(t, c.bank, c.entry)
			d := w.speaks(company)
			ready := w.connected(d, "plain")
			require.Equal(t, c.connect, w.tap.since(), "a new consent")
			_, err := w.fetch(d, ready, someone)
			require.NoError(t, err)
			require.Equal(t, c.first, w.tap.since(), "the first synchronization")
			w.later(24 * time.Hour)
			ready = w.daily(d, ready)
			require.Equal(t, slices.Concat([]string{"POST token"}, c.first), w.tap.since(), "a daily run")
			_, err = w.fetch(d, ready, someone)
			require.NoError(t, err)
			require.Equal(t, c.first, w.tap.since(), "a run with the user there")
			_ = d.End(t.Context(), sdk.EndRequest{Secrets: ready.Secrets, Revoke: true})
			require.Equal(t, c.end, w.tap.since(), "the end")
		})
	}
}

// daily reads everything with nobody there: the token of yesterday is over, and nothing is tried with it.
func (w *frenchWorld) daily(d *stet.Dialect, ready *sdk.Ready) *sdk.Ready {
	w.t.Helper()
	step, err := d.Begin(w.t.Context(), sdk.BeginRequest{Secrets: ready.Secrets, ReturnURL: returnURL, ReturnState: "s-3"})
	require.NoError(w.t, err)
	require.NotNil(w.t, step.Ready)
	_, err = w.fetch(d, ready, nil)
	fails(w.t, sdk.SecretStale, err)
	renewed, err := d.Refresh(w.t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NoError(w.t, err)
	s, err := w.fetch(d, &renewed, nil)
	require.NoError(w.t, err)
	require.Empty(w.t, itemsOf[sdk.AccountFailureItem](s))
	return &renewed
}
