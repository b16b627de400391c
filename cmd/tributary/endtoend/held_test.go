package endtoend

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// possession is what we hold of one account.
type possession struct {
	id, status, name string
	rows             map[string]row // by our id
	// same are the accounts of the bank that those are which it is said to be too.
	same []string
}

// row is one of our transactions.
type row struct {
	status, amount, label           string
	transactionDate, booking, value string
	doubtful                        bool
}

func (r row) String() string {
	return line(r.transactionDate, r.booking, r.value, r.status, r.amount, r.label)
}

// possessions are the accounts of the connection, by what the bank calls them.
func (s *drama) possessions(t *testing.T, now step) map[string]possession {
	t.Helper()
	all, truth := map[string]possession{}, s.bank.truth(t, now.Login)
	for _, a := range s.user.every(t, "/v1/accounts?connection_id="+s.links[now.Login].id) {
		id := plainText(a["id"])
		if s.known[id] == "" {
			s.known[id] = recognise(t, a, truth)
		}
		ref := s.known[id]
		require.NotContains(t, all, ref, "the account is there twice")
		h := possession{id: id, status: plainText(a["status"]), name: plainText(a["name"]), rows: map[string]row{}}
		for _, r := range s.user.every(t, "/v1/transactions?account_id="+id) {
			h.rows[plainText(r["id"])] = row{
				status: plainText(r["status"]), amount: money(r["amount"]), label: plainText(r["raw_label"]),
				transactionDate: plainText(r["transaction_date"]), booking: plainText(r["booking_date"]), value: plainText(r["value_date"]),
				doubtful: strings.Contains(plainText(r["links"]), `"duplicate_candidate"`),
			}
		}
		others, _ := a["same_as"].([]any)
		for _, other := range others {
			h.same = append(h.same, s.known[plainText(other)])
		}
		all[ref] = h
	}
	return all
}

// recognise says which account of the bank a new one of ours is.
func recognise(t *testing.T, ours map[string]any, truth []statement) string {
	t.Helper()
	same := func(a, b string) bool { return strings.ReplaceAll(a, " ", "") == strings.ReplaceAll(b, " ", "") }
	for _, s := range truth {
		if s.Name == plainText(ours["name"]) && s.Currency == plainText(ours["currency"]) && s.Type == plainText(ours["type"]) &&
			same(s.IBAN, plainText(ours["iban"])) && same(s.Number, plainText(ours["number"])) {
			return s.Ref
		}
	}
	require.FailNow(t, "the bank has no such account", "%v", ours)
	return ""
}

// judge compares what we hold with the bank's truth and with the story.
func (s *drama) judge(t *testing.T, number int, now step, run answer) {
	t.Helper()
	possessions, wanted := s.possessions(t, now), map[string]expected{}
	for _, a := range s.bank.truth(t, now.Login) {
		if _, held := possessions[a.Ref]; held {
			wanted[a.Ref] = expected{Account: a.Ref}
		}
	}
	for _, e := range now.Expect {
		wanted[e.Account] = e
	}
	outcomes := outcomesOf(t, run)
	for _, a := range s.bank.truth(t, now.Login) {
		e, told := wanted[a.Ref]
		h, held := possessions[a.Ref]
		if !told {
			require.False(t, a.Told && now.Ends == "SUCCESS" && now.By == "portal", "step %d: %s is not held", number, a.Ref)
			continue
		}
		var wrong []string
		switch {
		case e.Status == "NONE" && held:
			wrong = append(wrong, "it is held")
		case e.Status != "NONE" && !held:
			wrong = append(wrong, "it is not held")
		case held:
			wrong = compare(a, h, s.held[now.Login][a.Ref], e, outcomes[h.id])
		}
		if *chatty {
			t.Logf("step %d, %s: %s\n%s", number, a.Ref, h.status, h.text())
		}
		if e.Defect != "" {
			require.NotEmpty(t, wrong, "step %d, %s: it is as it should be: take the mark away", number, a.Ref)
			t.Logf("step %d, %s, known since %s: %s", number, a.Ref, e.Defect, strings.Join(wrong, "; "))
			continue
		}
		require.Empty(t, wrong, "step %d (%s), %s:\n%s\n%s", number, now.At.Format("2006-01-02"), a.Ref, strings.Join(wrong, "\n"), h.text())
	}
	s.held[now.Login] = possessions
}

func (h possession) text() string {
	lines := []string{}
	for id, r := range h.rows {
		lines = append(lines, fmt.Sprintf("%s | %s | doubtful %t", r, id, r.doubtful))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// outcome is what a run did for an account.
type outcome struct {
	AccountID          string `json:"account_id"`
	Outcome, Integrity string
}

func outcomesOf(t tester, run answer) map[string]outcome {
	var said struct{ Accounts []outcome }
	all := map[string]outcome{}
	run.decode(t, &said)
	for _, o := range said.Accounts {
		all[o.AccountID] = o
	}
	return all
}

// compare lists everything about an account that is not as it should be.
func compare(truth statement, h, before possession, e expected, run outcome) (wrong []string) {
	complain := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	added, changed, removed := h.since(before)
	if run.Outcome == "SUCCESS" {
		missing, doubled := against(truth.Movements, h)
		for _, m := range missing {
			complain("missing: %s", m)
		}
		if len(doubled) != e.Doubled {
			complain("%d rows beyond the real ones, not %d: %s", len(doubled), e.Doubled, strings.Join(doubled, "; "))
		}
	} else if added+changed+removed > 0 && e.Added == nil {
		complain("it was not read, and changed all the same: %d added, %d changed, %d removed", added, changed, removed)
	}
	if e.Status != "" && h.status != e.Status {
		complain("it is %s, not %s", h.status, e.Status)
	}
	if e.Name != "" && h.name != e.Name {
		complain("it is called %s", h.name)
	}
	if len(h.same) != e.SameAs || slices.ContainsFunc(h.same, func(ref string) bool { return ref != truth.Ref }) {
		complain("it is said to be %q as well, which is not itself %d times", h.same, e.SameAs)
	}
	if e.Balance != "" && run.Integrity != e.Balance {
		complain("its balance is %s, not %s", run.Integrity, e.Balance)
	}
	count := h.count()
	for _, c := range []struct {
		what   string
		got    int
		wanted *int
	}{
		{"booked", count["BOOKED"], e.Booked}, {"pending", count["PENDING"], e.Pending}, {"of other status", count[""], e.Other},
		{"added", added, e.Added}, {"changed", changed, e.Changed}, {"removed", removed, e.Removed},
		{"in doubt", count["doubtful"], &e.Doubtful},
	} {
		if c.wanted != nil && c.got != *c.wanted {
			complain("%d %s, not %d", c.got, c.what, *c.wanted)
		}
	}
	return wrong
}

func (h possession) count() map[string]int {
	count := map[string]int{}
	for _, r := range h.rows {
		if r.doubtful {
			count["doubtful"]++
		}
		if r.status == "BOOKED" || r.status == "PENDING" {
			count[r.status]++
		} else {
			count[""]++
		}
	}
	return count
}

// since counts ids that came, stayed with another content, and went.
func (h possession) since(before possession) (added, changed, removed int) {
	for id, r := range h.rows {
		old, known := before.rows[id]
		switch {
		case !known:
			added++
		case old.String() != r.String():
			changed++
		}
	}
	for id := range before.rows {
		if _, left := h.rows[id]; !left {
			removed++
		}
	}
	return added, changed, removed
}

// against gives the movements that no row of ours is, and the rows of ours that
// are no movement. Each row is one movement at most.
func against(movements []movement, h possession) (missing, doubled []string) {
	left := []row{}
	for _, r := range h.rows {
		left = append(left, r)
	}
	for _, m := range movements {
		if m.ToldUntil == "" && m.Rows == 0 {
			continue // nobody was ever told
		}
		i := slices.IndexFunc(left, m.is)
		if i < 0 {
			missing = append(missing, fmt.Sprintf("%s as %+v", m.ID, m.Told))
			continue
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, r := range left {
		doubled = append(doubled, r.String())
	}
	return missing, doubled
}

// is says whether a row of ours is the movement as it was told last. What the
// bank leaves out now may have been told before.
func (m movement) is(r row) bool {
	same := func(told, ours string) bool { return told == "" || told == ours }
	return r.status == m.Told.Status && r.amount == line(m.Told.Amount, m.Told.Currency) && r.label == m.Told.Label &&
		same(m.Told.TransactionDate, r.transactionDate) && same(m.Told.BookingDate, r.booking) && same(m.Told.ValueDate, r.value)
}
