package endtoend

import (
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// readers follow a client's transactions, and one user's, in pages of all sizes.
type readers []follower

func (r readers) equal(t *testing.T, when string) {
	t.Helper()
	for _, f := range r {
		f.equal(t, when)
	}
}

// during reads a little at a time until a run has ended, while it writes.
func (r readers) during(t *testing.T, l link) {
	t.Helper()
	for l.caller.get(t, "/v1/synchronizations/"+l.run).want(t, http.StatusOK).at(t, ".finished_at") == nil {
		for _, f := range r {
			f.follow(t, 1)
		}
	}
	l.succeeds(t)
}

// TestCopy keeps copies through the feed while all happens that can happen to
// transactions: each is at any time what the list has.
func TestCopy(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		keepCopies(t, options{})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		keepCopies(t, options{databaseURL: startDatabase(t).url})
	})
}

func keepCopies(t *testing.T, o options) {
	t.Helper()
	o.bank = startBank(t, plain("anna"), plain("ben"))
	s := startSandbox(t, o)
	const days = 3
	s.bank.daysAgo(t, days)
	client := s.asClient(t)
	ana, ben := client.enrol(t, "ana"), client.enrol(t, "ben")
	mine := "user_id=" + ana.user
	all := readers{
		client.follower(t, "", 500), client.follower(t, "", 1), client.follower(t, mine, 100), ana.follower(t, "", 7), ana.follower(t, mine, 2),
	}
	since := client.follower(t, "", 50)
	since.keep(t, copied{Cursor: "now", Rows: map[string]map[string]any{}, Gone: map[string]bool{}})
	all = append(all, since)
	all.equal(t, "nothing is there")

	hers, his := ana.connect(t, "anna", "anna-pass1"), ben.connect(t, "ben", "ben-pass1")
	all.during(t, hers)
	all.during(t, his)
	all.equal(t, "connected")
	for day := days - 1; day >= 0; day-- {
		s.bank.daysAgo(t, day)
		hers, his = hers.synchronize(t), his.synchronize(t)
		all.during(t, hers)
		all.during(t, his)
		all.equal(t, "synchronized")
	}

	latecomer := client.follower(t, mine, 3)
	here := copied{Cursor: client.get(t, "/v1/transactions/sync?limit=1&cursor=now&"+mine).want(t, 200).text(t, ".next_cursor"), Gone: map[string]bool{}}
	here.Rows = latecomer.listed(t)
	latecomer.keep(t, here)
	all = append(all, latecomer)
	before, head := maps.Clone(here.Rows), len(client.facts(t))

	correct(t, ana, all)
	move(t, hers, all)
	s.kill(t)
	s.restart(t)
	all.equal(t, "the server was killed")
	account := ana.get(t, "/v1/accounts").text(t, ".data[0].id")
	ana.send(t, ana.request(t, http.MethodDelete, "/v1/accounts/"+account, nil)).want(t, http.StatusNoContent)
	all.equal(t, "an account was deleted")
	leadOn(t, client, latecomer, before, head)
	ben.send(t, ben.request(t, http.MethodDelete, "/v1/connections/"+his.id, nil)).want(t, http.StatusNoContent)
	all.equal(t, "a connection was deleted")
	require.Empty(t, ben.every(t, "/v1/transactions"))
	ben.send(t, ben.request(t, http.MethodDelete, "/v1/users/me", nil)).want(t, http.StatusNoContent)
	all.equal(t, "a user was deleted")
	for _, c := range ana.every(t, "/v1/connections") {
		ana.send(t, ana.request(t, http.MethodDelete, "/v1/connections/"+plainText(c["id"]), nil)).want(t, http.StatusNoContent)
	}
	all.equal(t, "everything was deleted")
	require.Zero(t, len(all[0].kept(t).Rows))
}

// correct does to a user's transactions what a person can do.
func correct(t *testing.T, c caller, all readers) {
	t.Helper()
	coffees := c.get(t, "/v1/transactions?text=COFFEE&status=BOOKED&account_id="+c.get(t, "/v1/accounts").text(t, ".data[1].id")).want(t, 200)
	one, other := "/v1/transactions/"+coffees.text(t, ".data[0].id"), coffees.text(t, ".data[1].id")
	c.send(t, c.request(t, http.MethodPatch, one, `{"label":"Two coffees","category_id":"food.restaurants"}`)).want(t, 200)
	all.equal(t, "a transaction was changed")
	c.post(t, one+"/merge", `{"into":"`+other+`"}`).want(t, 200)
	all.equal(t, "two were merged")
	back := c.post(t, one+"/unmerge", nil).want(t, 200).text(t, ".id")
	all.equal(t, "a merge was taken back")
	c.post(t, "/v1/transactions/"+back+"/not_a_duplicate", `{"of":"`+other+`"}`).want(t, 200)
	all.equal(t, "two were told apart")
	c.send(t, c.request(t, http.MethodDelete, "/v1/transactions/"+other, nil)).want(t, http.StatusNoContent)
	all.equal(t, "a transaction was hidden")
	c.post(t, "/v1/category_rules", `{"text":"carrefour","category_id":"leisure.outings"}`).want(t, 201)
	require.NotEmpty(t, c.get(t, "/v1/transactions?limit=1&category=leisure.outings").want(t, 200).at(t, ".data[0]"))
	all.equal(t, "a rule was given")
}

// move moves an account to another connection to the same bank.
func move(t *testing.T, from link, all readers) {
	t.Helper()
	to := from.caller.connect(t, "anna", "anna-pass1")
	all.during(t, to)
	all.equal(t, "connected twice")
	account := func(l link) string {
		return l.caller.get(t, "/v1/accounts?type=CHECKINGS&connection_id="+l.id).want(t, http.StatusOK).text(t, ".data[0].id")
	}
	from.caller.post(t, "/v1/accounts/"+account(from)+"/migrate", map[string]string{"to": account(to)}).want(t, http.StatusOK)
	all.equal(t, "an account was moved")
}

// leadOn fails unless the first event since a copy was made leads to all that it
// misses, and every other one into the feed.
func leadOn(t *testing.T, client caller, f follower, before map[string]map[string]any, head int) {
	t.Helper()
	names := map[string]bool{}
	for _, e := range client.facts(t)[head:] {
		cursor, _ := e.Data["sync_cursor"].(string)
		if cursor == "" {
			continue
		}
		c := copied{Cursor: cursor, Rows: map[string]map[string]any{}, Gone: map[string]bool{}}
		if len(names) == 0 {
			c.Rows = maps.Clone(before)
		}
		for f.take(t, &c) { // to the end
		}
		if len(names) == 0 {
			require.Empty(t, differing(f.listed(t), c.Rows), "since %s", e.Name)
		}
		require.NotZero(t, len(c.Rows)+len(c.Gone), "%s leads to nothing", e.Name)
		names[e.Name] = true
	}
	require.Equal(t, map[string]bool{"transactions.added": true, "transactions.modified": true, "transactions.removed": true, "accounts.deleted": true}, names)
}
