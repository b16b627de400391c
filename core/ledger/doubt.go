package ledger

import (
	"cmp"
	"slices"
	"strings"
)

// mostDoubts bounds the rows that a new one is compared with, mostLinks those it
// is linked to: where hundreds are in doubt, no single one tells anything.
const (
	mostDoubts = 200
	mostLinks  = 5
)

// doubtful are the pending rows that nothing told in this answer explains, and
// the booked ones that it should have held: a bank that corrects a row and gives
// it no id that lasts tells it as another. Where the answer comes from elsewhere,
// all that it does not explain are.
func (r *reconciliation) doubtful() []*entry {
	var found []*entry
	for _, e := range r.live {
		missing := r.Elsewhere || e.before.Status == Pending || r.Covered.reaches(e.before.EffectiveDate, r.Today)
		if e.match == nil && missing && !e.before.Removed && len(found) < mostDoubts {
			found = append(found, e)
		}
	}
	return found
}

// doubts links a new row to those that it may be, or may have become.
func (r *reconciliation) doubts(c *candidate, doubtful []*entry) []Link {
	var links []Link
	for _, e := range doubtful {
		fits := c.Status != Pending && (resembles(e.before, c.Row) || c.corrects(e.before))
		if r.Elsewhere {
			fits = e.before.Amount.Equal(c.Amount) && near(e.before, c.Row, reachByContent)
		}
		if fits {
			links = append(links, Link{Type: DuplicateCandidate, TransactionID: e.before.ID, Confidence: likeness(e.before, c.Row)})
		}
	}
	slices.SortStableFunc(links, func(a, b Link) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return links[:min(len(links), mostLinks)]
}

// waits reports whether a new booked row may be a known one told anew, in an
// answer that broke off before it could show that the known one is still there.
// It is left out: the next answer tells it again, and which of the two it is.
func (r *reconciliation) waits(c *candidate) bool {
	return r.Partial && c.Status != Pending && slices.ContainsFunc(r.live, func(e *entry) bool {
		return e.match == nil && e.before.Status != Pending && e.before.Amount.Equal(c.Amount) && near(e.before, c.Row, reachByID)
	})
}

// corrects reports whether a new booked row is likely a booked one, missing from
// this answer, with another amount. It is not believed, because banks use ids
// again; the two are in doubt.
func (c *candidate) corrects(t Transaction) bool {
	return t.Status != Pending && c.id != "" && c.id == t.BankID && t.Amount.Currency() == c.Amount.Currency() &&
		t.Amount.Sign() == c.Amount.Sign() && accountingDay(rowOf(t)) == accountingDay(c.Row) && alike(t.RawLabel, c.Label)
}

// repeats reports whether another row that is the same in everything, the bank's
// id too, may be the same movement told twice. Blank ids do not say so.
func (c *candidate) repeats() bool { return strings.TrimSpace(c.BankID) != "" }

func resembles(t Transaction, row Row) bool {
	return t.Amount.Currency() == row.Amount.Currency() && t.Amount.Sign() == row.Amount.Sign() && near(t, row, reachByContent) &&
		(t.Amount.Equal(row.Amount) || (t.Status == Pending && alike(t.RawLabel, row.Label)))
}

func likeness(t Transaction, row Row) float64 {
	switch sameAmount, sameLabel := t.Amount.Equal(row.Amount), alike(t.RawLabel, row.Label); {
	case sameAmount && sameLabel:
		return 0.8
	case sameAmount:
		return 0.5
	}
	return 0.4
}

// markRepeated finds the rows that an answer tells again; equal ones stand side
// by side.
func (r *reconciliation) markRepeated() {
	var shared map[string]bool
	for i, c := range r.rows {
		if i == 0 || c.content != r.rows[i-1].content || !c.repeats() {
			continue
		}
		if shared == nil {
			shared = r.shared()
		}
		c.again = !shared[strings.TrimSpace(c.BankID)]
	}
}

// shared are the ids that rows of different content have in one answer: they say
// nothing of any row, no more than a blank one.
func (r *reconciliation) shared() map[string]bool {
	first, shared := map[string]content{}, map[string]bool{}
	for _, c := range r.rows {
		id := strings.TrimSpace(c.BankID)
		if before, seen := first[id]; seen && before != c.content {
			shared[id] = true
		}
		first[id] = c.content
	}
	return shared
}
