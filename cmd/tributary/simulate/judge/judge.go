package judge

import (
	"fmt"
	"slices"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
)

// Judge follows one life.
type Judge struct {
	Verdict
	life  *life.Life
	books map[*life.Account]*book
	// Corrected says that somebody corrects the ledger; wishes are what the user
	// wants after this visit.
	Corrected bool
	wishes    map[int]wishes
}

// New makes a judge of a life.
func New(l *life.Life) *Judge {
	j := &Judge{life: l, books: map[*life.Account]*book{}, wishes: map[int]wishes{}}
	for _, a := range l.Accounts {
		j.books[a] = newBook(a)
		j.Rows += len(a.Movements)
		for _, m := range a.Movements {
			if m.Doubtful {
				j.Marked++
			}
		}
	}
	return j
}

// Rows gives an account's stored rows from a day on, tombstones included.
type Rows func(account ident.Account, from bank.Day) ([]ledger.Transaction, error)

// sight is how far back a visit's judgement looks, in days; the last one sees all.
const sight = 70

// Hear judges one account in one visit: what a channel told of it, and what
// became of it on our side.
func (j *Judge) Hear(visit int, channel string, told life.Told, accounts []ledger.Account, run *synchronization.Synchronization, rows Rows) error {
	b, v := j.books[told.Account], j.life.Visits[visit]
	ours := j.recognise(visit, b, channel, told, accounts)
	if ours == nil || told.Unread {
		return nil
	}
	repeats := b.repeats()
	heard := channel
	if j.life.Moved(visit) { // by another connection
		heard += ", moved"
	}
	marked := b.hear(told, v, heard, j.life.Habits)
	j.Marked += b.repeats() - repeats
	upset := b.upset
	b.upset = told.Stale || told.Shrunk || (b.upset && !told.Done)
	if !told.Done {
		return nil
	}
	if !told.Stale {
		j.weigh(visit, b, told, *ours, run, marked || upset || told.Shrunk)
	}
	from := life.Day(v.At.UTC().Format("2006-01-02")).Add(-sight)
	held, err := rows(b.ours, bank.Day(from))
	if err != nil {
		return err
	}
	c := b.compare(b.expected(from), held)
	found, candidates := c.judge(from.Add(35))
	b.bury(held)
	if told.Stale { // it may bring pending rows back for a while, but it unbooks nothing
		found = slices.DeleteFunc(found, func(f Finding) bool { return f.Kind != Missing })
	}
	if j.Corrected && len(found) == 0 && !told.Stale { // nobody decides about what is of earlier
		j.wish(visit, c)
	}
	j.Candidates += candidates
	j.add(visit, found)
	return nil
}

func (j *Judge) add(visit int, found []Finding) {
	for _, f := range found {
		f.Visit = visit
		j.Findings = append(j.Findings, f)
	}
}

// Last reports whether a visit is the last one.
func (j *Judge) Last(visit int) bool { return visit == len(j.life.Visits)-1 }

// Complain adds what is wrong with the feed.
func (j *Judge) Complain(visit int, text string) {
	j.add(visit, []Finding{{Kind: Unfaithful, Text: text}})
}

// recognise finds our account, which must be the same in every visit; nil where
// another channel feeds it.
func (j *Judge) recognise(visit int, b *book, channel string, told life.Told, accounts []ledger.Account) *ledger.Account {
	ours := named(b, channel, told.BankID, accounts)
	if ours == nil {
		return nil
	}
	for other, known := range j.books {
		if known != b && known.ours == ours.ID {
			j.add(visit, []Finding{{Account: b.Serial, Kind: Merged, Text: fmt.Sprintf("its account %s is that of account %d", ours.ID, other.Serial)}})
		}
	}
	if b.ours != "" && b.ours != ours.ID {
		j.add(visit, []Finding{{Account: b.Serial, Kind: Doubled, Text: fmt.Sprintf("the account was %s and is %s", b.ours, ours.ID)}})
	}
	b.ours = ours.ID
	return ours
}

// named is the account with the bank's id. One that the bank shows no more keeps
// its last id, which may be another's now: what was heard of last counts.
func named(b *book, channel, id string, accounts []ledger.Account) (found *ledger.Account) {
	for i, a := range accounts {
		missing := a.Status == ledger.Missing && a.ID != b.ours
		if a.FedBy == channel && a.BankID == id && !missing && (found == nil || a.LastAttemptAt.After(found.LastAttemptAt)) {
			found = &accounts[i]
		}
	}
	return found
}

// weigh compares balances, and finds gaps that are none.
func (j *Judge) weigh(visit int, b *book, told life.Told, ours ledger.Account, run *synchronization.Synchronization, upset bool) {
	want := told.Booked
	if want == "" {
		want = told.Expected
	}
	if !ours.Balance.Equal(money.Must(want, b.Currency)) {
		j.add(visit, []Finding{{Account: b.Serial, Kind: Unbalanced, Text: fmt.Sprintf("the balance is %s, not %s", ours.Balance, want)}})
	}
	for _, outcome := range run.Accounts {
		if outcome.AccountID == ours.ID && outcome.Integrity == string(ledger.Gap) && !upset {
			j.add(visit, []Finding{{Account: b.Serial, Kind: Unbalanced, Text: "rows and balance agree, but a gap is told"}})
		}
	}
}

func (b *book) repeats() (n int) {
	for _, m := range b.known {
		if m.repeated && !m.Doubtful {
			n++
		}
	}
	return n
}

// bury remembers what was removed: it never returns.
func (b *book) bury(rows []ledger.Transaction) {
	for _, row := range rows {
		if row.Removed {
			b.buried[row.ID] = true
		}
	}
}

// expected are the movements that have a row because they were told. Those at
// the edge of what is looked at may have theirs outside.
func (b *book) expected(from life.Day) (all []*wanted) {
	inside, edge := from.Add(35), from.Add(-35)
	for _, m := range b.known {
		for ghost, lingers := range m.ghosts {
			if lingers {
				all = append(all, &wanted{memory: m, said: m.Stages[ghost].Said, may: true, ghost: true})
			}
		}
		if m.stage < 0 || m.stays() {
			continue
		}
		if day := m.effective(); day >= edge {
			all = append(all, &wanted{memory: m, said: m.said(), may: m.lingers || m.hidden || day < inside})
		}
	}
	return all
}

// End judges the whole of a life after its last visit, by the truth alone.
func (j *Judge) End(rows Rows) error {
	last := len(j.life.Visits) - 1
	for _, b := range j.books {
		if b.ours == "" {
			if b.Opened.Before(j.life.Visits[last].At.AddDate(0, 0, -3)) {
				j.add(last, []Finding{{Account: b.Serial, Kind: Missing, Text: "the account was never found"}})
			}
			continue
		}
		held, err := rows(b.ours, "")
		if err != nil {
			return err
		}
		found, candidates := b.compare(b.truth(j.life.Visits[last]), held).judge("")
		j.Candidates = max(j.Candidates, candidates)
		j.add(last, found)
	}
	return nil
}

// truth are the movements that the bank has at the end, as far back as it ever
// told, and the booked ones it had.
func (b *book) truth(end life.Visit) (all []*wanted) {
	for _, movement := range b.Movements {
		m := b.known[movement]
		if m == nil {
			m = &memory{Movement: movement, stage: -1}
		}
		at := movement.At(end.At)
		if m.stays() {
			continue
		}
		switch {
		case at >= 0 && (len(m.told) > 0 || movement.Stages[at].Accounted() >= b.since) && !b.shut(end):
			all = append(all, &wanted{memory: m, said: movement.Stages[at].Said, may: m.hidden})
		case m.stage >= 0 && m.said().Status != life.Pending:
			all = append(all, &wanted{memory: m, said: m.said(), may: m.hidden})
		}
	}
	return all
}

// shut reports whether nothing more is told of the account.
func (b *book) shut(end life.Visit) bool {
	return b.Gone >= 0 || (!b.Closed.IsZero() && end.At.After(b.Closed))
}
