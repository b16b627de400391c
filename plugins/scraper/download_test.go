package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/testbank"
)

// What the shipped recipes read of the files that the site gives is the truth: each booked row of the window once, by the bank's
// own id. The plugin is a process.
func TestDownloads_are_true(t *testing.T) {
	t.Parallel()
	for _, way := range []struct{ theme, format string }{{"classic", "csv"}, {"classic", "ofx"}, {"modern", "ofx"}, {"modern", "camt.053"}} {
		t.Run(way.theme+" "+way.format, func(t *testing.T) {
			t.Parallel()
			w, _ := launched(t, testbank.DefaultConfig(), "testbank_rows", way.format)
			for _, login := range []string{"camille", "nora"} {
				step, err := w.begin(way.theme, login)
				require.NoError(t, err, login)
				k, err := w.fetch(way.theme, step.Ready)
				require.NoError(t, err, login)
				w.requireFiles(login, k)
			}
		})
	}
}

// requireFiles compares rows by id with the truth, day, amount, currency and text. In OFX the other side's name stands before the text.
func (w *world) requireFiles(login string, k *told) {
	w.t.Helper()
	require.Empty(w.t, k.failed, login)
	told := map[string]sdk.Transaction{}
	for _, rows := range k.rows {
		for _, row := range rows {
			require.NotContains(w.t, told, row.BankID, "once")
			told[row.BankID] = row
		}
	}
	count := 0
	for _, account := range w.truth(login) {
		for _, want := range account.Transactions {
			if want.Status != "BOOKED" || want.BookingDate < "2026-01-01" || want.BookingDate > "2026-03-14" {
				continue
			}
			count++
			got, is := told[want.ID]
			require.True(w.t, is, "%s: %s of %s is not told", login, want.ID, want.BookingDate)
			require.Equal(w.t, []string{want.BookingDate, want.Amount, account.Currency, "BOOKED"}, []string{string(got.BookingDate), got.Amount, got.Currency, string(got.Status)}, want.ID)
			require.True(w.t, strings.HasSuffix(strings.Join(strings.Fields(got.Label), " "), want.Label), "%q, expected %q", got.Label, want.Label)
		}
	}
	require.Greater(w.t, count, 20)
	require.Len(w.t, told, count, "and nothing else")
}
