package synchronizing_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// jumps are what the sandbox's clock is tried with (claim R7).
var jumps = map[string]time.Duration{
	"an_hour_on": time.Hour, "an_hour_back": -time.Hour, "a_day_on": 24 * time.Hour, "a_day_back": -24 * time.Hour, "a_month_on": 30 * 24 * time.Hour,
}

// jump moves the sandbox's clock alone: real time goes on as it was.
func (w *world) jump(by time.Duration) {
	moved := func() time.Time { return w.now().Add(by) }
	w.runs.Now, w.runs.Real = moved, w.now
	w.links.Now, w.links.Runs = moved, w.runs
	w.worker.Now, w.worker.Real = moved, w.now
}

// What users see of time, and what a bank counts in days, follows the clock.
func TestSandboxClock_is_followed(t *testing.T) {
	t.Parallel()
	for name, by := range jumps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.jump(by)
			want := w.now().Add(by)
			c := w.connect()
			w.work(c.LastSynchronizationID)
			run := w.run(c.LastSynchronizationID)
			require.Equal(t, synchronization.Success, run.Status)
			for what, at := range map[string]time.Time{
				"connection created": c.CreatedAt, "run created": run.CreatedAt, "run started": run.StartedAt, "run finished": run.FinishedAt,
				"connection's success": w.connection(c.ID).LastSuccessAt, "account first seen": w.accounts()[0].FirstSeenAt,
				"account's success": w.accounts()[0].LastSuccessAt, "row first seen": w.rows()[0].FirstSeenAt,
			} {
				require.Equal(t, want, at, what)
			}
			require.Equal(t, bank.DayOf(want).AddDays(1), w.bank.fetched[0].Window.To)
			w.jump(by + 48*time.Hour)
			require.Equal(t, synchronization.Success, w.again(c, synchronization.All).Status)
			require.Equal(t, bank.DayOf(want).AddDays(3), w.bank.fetched[1].Window.To)
			require.Equal(t, want, w.rows()[0].FirstSeenAt, "nothing is doubled, nothing is new")
		})
	}
}

// What somebody waits for does not: leases, what is due, deadlines, and the time
// to answer a challenge.
func TestSandboxClock_is_not_followed(t *testing.T) {
	t.Parallel()
	for name, by := range jumps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bank.begin = func(port.Begin) (port.Step, error) { return asks(connection.Form, false), nil }
			c := w.connect()
			id := c.LastSynchronizationID
			require.Equal(t, []ident.Synchronization{id}, w.due())
			w.work(id)
			asked := w.current(c)
			require.Equal(t, w.now().Add(w.worker.Limits.Answer), asked.ExpiresAt)
			w.jump(by)
			w.work(id)
			require.Equal(t, synchronization.Paused, w.run(id).Status, "the challenge stands")
			require.Empty(t, w.due())
			require.Equal(t, asked.ExpiresAt, w.current(c).ExpiresAt)
			w.answerWith(c, "1")
			require.Equal(t, []ident.Synchronization{id}, w.due())
			w.work(id)
			require.Equal(t, synchronization.Success, w.run(id).Status)
			require.Equal(t, w.now().Add(w.worker.Limits.Fetch), w.bank.fetched[0].Deadline)

			next := w.again(c, synchronization.All)
			require.Equal(t, w.now().Add(w.worker.Limits.Answer), w.current(c).ExpiresAt, "asked after the jump")
			require.Equal(t, w.now().Add(w.worker.Limits.Answer), next.DueAt)
			w.pass(w.worker.Limits.Answer)
			w.work(next.ID)
			require.Equal(t, synchronization.Failed, w.run(next.ID).Status, "its time is over in real time")
		})
	}
}
