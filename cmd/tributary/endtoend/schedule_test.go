package endtoend

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/schedule"
)

// calendar is a sandbox whose clock a test moves, with connections that are read
// by themselves.
type calendar struct {
	client caller
	links  []link
}

// move moves the clock, and waits until everything has happened that was due.
func (c calendar) move(t *testing.T, by string) {
	t.Helper()
	c.client.post(t, "/v1/sandbox/clock", map[string]string{"advance": by}).want(t, http.StatusOK)
	eventually(t, patience, "what is due is not over", func() bool {
		now := c.client.clock(t)
		for _, l := range c.links {
			look := l.look(t)
			if next := look.text(t, ".next_synchronization_at"); look.text(t, ".status") == "RUNNING" || next != "" && !instantOf(t, next).After(now) {
				return false
			}
		}
		return true
	})
}

func instantOf(t tester, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	require.NoError(t, err)
	return at
}

// scheduled counts the runs that nobody asked for.
func (l link) scheduled(t tester) (count int) {
	t.Helper()
	runs := l.caller.get(t, "/v1/synchronizations?limit=500&connection_id="+l.id).want(t, http.StatusOK)
	var page struct{ Data []struct{ Trigger string } }
	runs.decode(t, &page)
	for _, run := range page.Data {
		if run.Trigger == "SCHEDULED" {
			count++
		}
	}
	return count
}

// TestSchedule_of_ten_days, with a wrong password (claim R17), and a clock that
// jumps (claim R7).
func TestSchedule_of_ten_days(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"), texted("tess", "1234"), plain("walt"))})
	client := s.asClient(t)
	user := client.enrol(t, "ana")
	anna, tess := user.connect(t, "anna", "anna-pass1"), user.connect(t, "tess", "tess-pass1")
	anna.succeeds(t)
	tess.answer(t, tess.asked(t, ""), map[string]string{"code": "1234"}).want(t, http.StatusAccepted)
	tess.succeeds(t)
	walt := user.connect(t, "walt", "wrong-pass1")
	failed := walt.fails(t, "AUTH_FAILED")
	require.Empty(t, failed.text(t, ".next_synchronization_at"))
	require.Empty(t, failed.text(t, ".channels[0].retry_at"))
	wrong := s.bank.stats(t, "walt")["wrong_passwords"]
	c := calendar{client, []link{anna, tess, walt}}
	for range 24 { // steps below half a day: a run that is later than that passes over its next time
		c.move(t, "10h")
	}
	require.InDelta(t, 10, anna.scheduled(t), 1)
	require.InDelta(t, 10, tess.scheduled(t), 1)
	require.Equal(t, 1, s.bank.stats(t, "tess")["codes_sent"], "no code in a run that nobody asked for")
	require.Zero(t, walt.scheduled(t))
	require.Equal(t, wrong, s.bank.stats(t, "walt")["wrong_passwords"], "a wrong password is never tried again by itself")
	account := user.get(t, "/v1/accounts?connection_id="+anna.id).want(t, http.StatusOK).text(t, ".data[0].next_try_at")
	require.Equal(t, anna.look(t).text(t, ".next_synchronization_at"), account)

	for _, jump := range []string{"1h", "-1h", "24h", "-24h", "-72h"} {
		before := anna.scheduled(t)
		c.move(t, jump)
		require.LessOrEqual(t, anna.scheduled(t), before+1, jump)
		next, now := instantOf(t, anna.look(t).text(t, ".next_synchronization_at")), client.clock(t)
		eventually(t, patience, "asleep after "+jump, func() bool {
			next = instantOf(t, anna.look(t).text(t, ".next_synchronization_at"))
			return next.Before(now.Add(schedule.Horizon + 2*time.Hour))
		})
	}
}

// TestSchedule_while_a_bank_is_down for six hours (claim R16): few attempts, and
// it recovers by itself.
func TestSchedule_while_a_bank_is_down(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"), plain("bert"))})
	client := s.asClient(t)
	user := client.enrol(t, "ana")
	c := calendar{client, []link{user.connect(t, "anna", "anna-pass1"), user.connect(t, "bert", "bert-pass1")}}
	for _, l := range c.links {
		l.succeeds(t)
	}
	s.bank.admin(t, http.MethodPost, "outage", map[string]bool{"down": true}, nil)
	c.move(t, "37h") // to where each has failed once
	for range 24 {
		c.move(t, "15m")
	}
	for _, l := range c.links {
		require.LessOrEqual(t, l.scheduled(t), schedule.Attempts+1, "in six hours and the time before")
		require.GreaterOrEqual(t, l.scheduled(t), 2)
		down := l.look(t)
		require.Equal(t, "PROVIDER_UNAVAILABLE", down.text(t, ".channels[0].status"))
		require.Equal(t, down.text(t, ".next_synchronization_at"), down.text(t, ".channels[0].retry_at"))
	}
	for range schedule.Threshold { // a user's own run is always tried
		c.links[0].synchronize(t).over(t)
	}
	require.Equal(t, map[string]string{embedded: "DOWN", redirect: "UP"}, client.health(t), "nobody tried the other channel")
	s.bank.admin(t, http.MethodPost, "outage", map[string]bool{"down": false}, nil)
	for range 8 {
		c.move(t, "6h")
	}
	for _, l := range c.links {
		require.Equal(t, "SUCCESS", l.look(t).text(t, ".status"))
	}
	require.Equal(t, map[string]string{embedded: "UP", redirect: "UP"}, client.health(t))
}

// health is that of each channel of the test bank.
func (c caller) health(t tester) map[string]string {
	t.Helper()
	told := map[string]string{}
	for _, one := range c.get(t, "/v1/providers/testbank").want(t, http.StatusOK).at(t, ".channel_definitions").([]any) {
		definition := one.(map[string]any)
		told[plainText(definition["id"])] = plainText(definition["status"])
	}
	return told
}
