package endtoend

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestDays_that_pass synchronizes day after day: rows are booked that were
// pending, on another day and by another date; new ones come, equal ones stay
// two. A row keeps its id through all of it, and nothing is ever there twice.
func TestDays_that_pass(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, rich("anna"))})
	const days = 12
	s.bank.daysAgo(t, days)
	l := s.asClient(t).enrol(t, "ana").connect(t, "anna", "anna-pass1")
	l.succeeds(t)
	since := time.Now().AddDate(0, 0, -100).Format(time.DateOnly)
	l.equalsTruthSince(t, "anna", since)
	ids := l.booked(t)
	for day := days - 1; day >= 0; day-- {
		s.bank.daysAgo(t, day)
		l = l.synchronize(t)
		run := l.succeeds(t)
		for i := range kinds {
			outcome := fmt.Sprintf(".accounts[%d]", i)
			require.Equal(t, "SUCCESS", run.text(t, outcome+".outcome"))
			require.Equal(t, "proven", run.text(t, outcome+".integrity"), "the rows explain the balance, %d days ago", day)
		}
		l.equalsTruthSince(t, "anna", since)
	}
	now := l.booked(t)
	for id, before := range ids {
		require.Equal(t, before, now[id], "a booked row changed")
	}
	require.Greater(t, len(now), len(ids))
	log := s.asClient(t).facts(t)
	gapless(t, log)
	l.counted(t, log)
}

// booked are the rows that will not change any more, by id.
func (l link) booked(t *testing.T) map[string]string {
	t.Helper()
	rows := map[string]string{}
	for _, r := range l.caller.every(t, "/v1/transactions?status=BOOKED&connection_id="+l.id) {
		rows[plainText(r["id"])] = line(plainText(r["booking_date"]), money(r["amount"]), plainText(r["raw_label"]))
	}
	return rows
}
