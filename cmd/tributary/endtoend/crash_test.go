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
	t.Run("Together_with_a_bank_that_forgets_its_sessions", func(t *testing.T) {
		t.Parallel()
		s := startSandbox(t, options{})
		s.bank.hold(t, "/api/accounts/camille-courant/transactions", 1)
		l := s.asClient(t).enrol(t, "camille").connect(t, "camille", "camille-pass1")
		s.bank.caught(t, 1)
		s.kill(t)
		s.restart(t)
		l.recovers(t, "camille")
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
// server dies when it has committed the first, or at a random moment.
func TestCrashAtTheCommit(t *testing.T) {
	t.Parallel()
	for round := range repeats(4) {
		t.Run(fmt.Sprint(round), func(t *testing.T) {
			t.Parallel()
			s := startSandbox(t, options{bank: startBank(t, rich("anna"))})
			links := s.heldAtTheEnd(t, "anna", 4)
			s.bank.release(t)
			if round%2 == 0 {
				s.untilOneCommits(t, links)
			} else {
				time.Sleep(time.Duration(rand.IntN(250_000)) * time.Microsecond) // the moment is the point
			}
			s.kill(t)
			s.restart(t)
			committed := 0
			for _, l := range links {
				if l.caller.get(t, "/v1/synchronizations/"+l.run).want(t, 200).text(t, ".status") == "SUCCESS" {
					committed++
				}
			}
			t.Logf("killed after %d of %d were committed", committed, len(links))
			for _, l := range links {
				l.recovers(t, "anna")
			}
		})
	}
}

// heldAtTheEnd connects several users to one customer's accounts and waits
// until each run has everything but the bank's last answer.
func (s *sandbox) heldAtTheEnd(t *testing.T, login string, users int) (links []link) {
	t.Helper()
	accounts := s.bank.truth(t, login)
	last := accounts[len(accounts)-1]
	require.LessOrEqual(t, len(last.Transactions), pageSize, "the last answer is a single page")
	s.bank.hold(t, "/api/accounts/"+last.ID+"/transactions", 0)
	client := s.asClient(t)
	for i := range users {
		links = append(links, client.enrol(t, fmt.Sprintf("user%d", i)).connect(t, login, login+"-pass1"))
	}
	s.bank.caught(t, users)
	return links
}

// untilOneCommits asks as fast as it can: the others are then about to.
func (s *sandbox) untilOneCommits(t *testing.T, links []link) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		for _, l := range links {
			if l.caller.get(t, "/v1/synchronizations/"+l.run).text(t, ".status") == "SUCCESS" {
				return
			}
		}
	}
	require.FailNow(t, "none was committed")
}
