package endtoend

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestCrash kills the server with SIGKILL, from outside, at moments that the
// bank lets us choose. Whatever was going on, afterwards a run has an end, a
// further one works, and nothing is missing, doubled or forgotten.
func TestCrash(t *testing.T) {
	t.Parallel()
	for name, moment := range map[string]string{
		"Before_the_log_in_is_answered": "/api/sessions",
		"Before_the_fetch":              "/api/accounts",
		"While_rows_stream":             "/api/accounts/anna-savings/transactions",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, options{bank: startBank(t, rich("anna"))})
			user := s.asClient(t).enrol(t, "anna")
			s.bank.hold(t, moment, 0)
			l := user.connect(t, "anna", "anna-pass1")
			s.bank.caught(t, 1)
			s.kill(t)
			require.Zero(t, s.bank.waiting(t).Waiting, "the plugin is gone, and its request with it")
			s.bank.release(t)
			s.restart(t)
			l.recovers(t, "anna")
		})
	}
	t.Run("Right_after_a_connection_was_acknowledged", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{bank: startBank(t, rich("anna"))})
		l := s.asClient(t).enrol(t, "anna").connect(t, "anna", "anna-pass1")
		s.kill(t)
		s.restart(t)
		l.recovers(t, "anna")
	})
	t.Run("While_a_code_is_waited_for", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{bank: startBank(t, texted("anna", "123456"))})
		l := s.asClient(t).enrol(t, "anna").connect(t, "anna", "anna-pass1")
		asked := l.asked(t, "")
		s.kill(t)
		s.restart(t)
		again := l.caller.get(t, "/v1/connections/"+l.id+"/challenge").want(t, 200)
		require.JSONEq(t, string(asked.body), string(again.body), "the same is asked still")
		l.answer(t, again, map[string]string{"code": "123456"}).want(t, 202)
		l.recovers(t, "anna")
		require.Equal(t, 1, s.bank.stats(t, "anna")["codes_sent"], "the user was not asked twice")
	})
	t.Run("Right_after_an_answer_was_acknowledged", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{bank: startBank(t, texted("anna", "123456"))})
		l := s.asClient(t).enrol(t, "anna").connect(t, "anna", "anna-pass1")
		s.bank.hold(t, "/api/accounts", 0)
		l.answer(t, l.asked(t, ""), map[string]string{"code": "123456"}).want(t, 202)
		s.kill(t)
		s.bank.release(t)
		s.restart(t)
		l.recovers(t, "anna")
	})
}

// rich has enough rows to be read in several pages.
func rich(login string) persona {
	p := plain(login)
	p.daily = 1
	return p
}

// recovers is what has to be true after any crash.
func (l link) recovers(t *testing.T, login string) {
	t.Helper()
	run := l.over(t)
	ending := "synchronization.succeeded"
	if status := run.text(t, ".status"); status != "SUCCESS" {
		ending = "synchronization.failed"
		require.Equal(t, "FAILED", status, "%s", run.body)
		require.NotEmpty(t, run.text(t, ".error.code"), "a failure has a type")
		require.Empty(t, l.caller.every(t, "/v1/transactions?connection_id="+l.id), "what failed left rows")
	}
	log := l.caller.sandbox.asClient(t).facts(t)
	gapless(t, log)
	l.tells(t, log, ending)
	first := l
	l = l.synchronize(t)
	next := l.until(t, "SUCCESS", "FAILED", "PARTIAL_SUCCESS", "WAITING")
	require.Equal(t, "SUCCESS", next.text(t, ".status"), "%s", next.body)
	l.equalsTruth(t, login)
	log = l.caller.sandbox.asClient(t).facts(t)
	gapless(t, log)
	first.tells(t, log, ending)
	l.tells(t, log, "synchronization.succeeded")
	l.counted(t, log)
}

// TestCrashAtTheCommit kills between the last byte from the bank and the
// commit, and around it: several runs are let go at the same moment, and the
// server dies at a random one soon after.
func TestCrashAtTheCommit(t *testing.T) {
	t.Parallel()
	const together = 4
	var crowd []persona
	for i := range together {
		crowd = append(crowd, rich(fmt.Sprintf("p%d", i)))
	}
	for round := range repeats(3) {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, options{bank: startBank(t, crowd...)})
			links := s.heldAtTheLastPage(t, crowd)
			delay := time.Duration(rand.IntN(80_000)) * time.Microsecond
			s.bank.release(t)
			time.Sleep(delay) // the moment is the point
			s.kill(t)
			s.restart(t)
			t.Logf("killed %s after the last answer", delay)
			for i, l := range links {
				l.recovers(t, crowd[i].login)
			}
		})
	}
}

// heldAtTheLastPage connects them all and waits until each has read everything
// but the very last page.
func (s *sandbox) heldAtTheLastPage(t *testing.T, crowd []persona) (links []link) {
	t.Helper()
	client := s.asClient(t)
	last := s.bank.truth(t, crowd[0].login)[len(kinds)-1]
	pages := (len(last.Transactions) + pageSize - 1) / pageSize
	require.Greater(t, pages, 2)
	// All go through one hold: it lets through what comes before the last page
	// of the last account, whoever asks.
	before := 0
	for _, a := range s.bank.truth(t, crowd[0].login) {
		before += 1 + (len(a.Transactions)+pageSize-1)/pageSize // balances, and pages
	}
	s.bank.hold(t, "/api/accounts/", len(crowd)*(before-1))
	for _, p := range crowd {
		links = append(links, client.enrol(t, p.login).connect(t, p.login, p.password))
	}
	s.bank.caught(t, 1)
	return links
}
