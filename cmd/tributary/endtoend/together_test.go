package endtoend

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// statuses makes the same call many times at once and counts the answers.
func statuses(t *testing.T, times int, call func() answer) map[int]int {
	t.Helper()
	var all sync.WaitGroup
	var mu sync.Mutex
	count := map[int]int{}
	for range times {
		all.Go(func() {
			status := call().status
			mu.Lock()
			defer mu.Unlock()
			count[status]++
		})
	}
	all.Wait()
	return count
}

// TestTogether does at the same time what may happen once.
func TestTogether(t *testing.T) {
	t.Parallel()
	page := plain("page")
	page.challenge = `{kind: redirect}`
	s := startSandbox(t, options{bank: startBank(t, rich("anna"), texted("asked", "123456"), page)})
	user := s.asClient(t).enrol(t, "ana")
	const times = 20
	t.Run("One_run_starts", func(t *testing.T) {
		l := user.connect(t, "anna", "anna-pass1")
		l.succeeds(t)
		s.bank.hold(t, "/api/accounts", 0)
		count := statuses(t, times, func() answer { return user.post(t, "/v1/connections/"+l.id+"/synchronizations", nil) })
		require.Equal(t, map[int]int{http.StatusAccepted: 1, http.StatusConflict: times - 1}, count)
		s.bank.release(t)
		l.run = l.look(t).text(t, ".last_synchronization_id")
		l.succeeds(t)
		l.equalsTruth(t, "anna")
	})
	t.Run("One_answer_counts", func(t *testing.T) {
		l := user.connect(t, "asked", "asked-pass1")
		asked := l.asked(t, "")
		count := statuses(t, times, func() answer { return l.answer(t, asked, map[string]string{"code": "123456"}) })
		require.Equal(t, 1, count[http.StatusAccepted], "%v", count)
		require.Equal(t, times-1, count[http.StatusConflict]+count[http.StatusNotFound], "%v", count)
		l.succeeds(t)
		l.equalsTruth(t, "asked")
		require.Equal(t, 1, s.bank.stats(t, "asked")["logins"])
	})
	t.Run("One_return_counts", func(t *testing.T) {
		l := user.connect(t, "page", "page-pass1")
		_, back := post(t, l.asked(t, "").text(t, ".url"), url.Values{"decision": {"approve"}})
		path := strings.TrimPrefix(back, s.greeting.BaseURL)
		count := statuses(t, times, func() answer { return user.get(t, path) })
		require.Equal(t, map[int]int{http.StatusSeeOther: 1, http.StatusNotFound: times - 1}, count)
		l.succeeds(t)
		l.equalsTruth(t, "page")
	})
	t.Run("One_user_of_a_name_is_made", func(t *testing.T) {
		client := s.asClient(t)
		count := statuses(t, times, func() answer { return client.post(t, "/v1/users", `{"external_id":"only-one"}`) })
		require.Equal(t, map[int]int{http.StatusCreated: 1, http.StatusConflict: times - 1}, count)
	})
	gapless(t, s.asClient(t).facts(t))
}

// TestDeletion takes away what a run is about, in the middle of that run.
func TestDeletion(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, rich("anna"), rich("bert"))})
	client := s.asClient(t)
	ana, ben := client.enrol(t, "ana"), client.enrol(t, "ben")
	kept := ben.connect(t, "bert", "bert-pass1")
	kept.succeeds(t)
	s.bank.hold(t, "/api/accounts/anna-savings", 0)
	first := ana.connect(t, "anna", "anna-pass1")
	second := ben.connect(t, "anna", "anna-pass1")
	s.bank.caught(t, 2)
	ben.send(t, ben.request(t, http.MethodDelete, "/v1/connections/"+second.id, nil)).want(t, http.StatusNoContent)
	ana.send(t, ana.request(t, http.MethodDelete, "/v1/users/me", nil)).want(t, http.StatusNoContent)
	s.bank.release(t)

	ben.get(t, "/v1/connections/"+second.id).refused(t, 404, "connection_not_found")
	ben.get(t, "/v1/synchronizations/"+second.run).refused(t, 404, "synchronization_not_found")
	ana.get(t, "/v1/users/me").want(t, http.StatusUnauthorized)
	client.get(t, "/v1/users/"+ana.user).refused(t, 404, "user_not_found")
	client.get(t, "/v1/connections/"+first.id).refused(t, 404, "connection_not_found")
	kept = kept.synchronize(t)
	kept.succeeds(t)
	kept.equalsTruth(t, "bert")
	require.Len(t, client.every(t, "/v1/accounts"), len(kinds), "only what was kept is there")
	require.Len(t, client.every(t, "/v1/connections"), 1)
	log := client.facts(t)
	gapless(t, log)
	require.Equal(t, "user.deleted", last(log, ana.user))
	for _, f := range log {
		require.False(t, f.ConnectionID == second.id && f.Name == "synchronization.succeeded", "a run went on without its connection")
	}
}

// last is the newest event of a user.
func last(log []fact, user string) (name string) {
	for _, f := range log {
		if f.UserID == user {
			name = f.Name
		}
	}
	return name
}
