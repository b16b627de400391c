package ledger

import (
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/money"
)

// Window is the range of banking days that an answer covers completely, both
// included. From "" covers nothing, To "" has no end.
type Window struct{ From, To bank.Day }

// Covers reports whether a day lies inside.
func (w Window) Covers(day bank.Day) bool {
	return w.From != "" && day >= w.From && (w.To == "" || day <= w.To)
}

// reaches reports whether a booked row of a day should be in an answer of today:
// banks tell those of days to come too, so the end of the window does not count
// unless it is past.
func (w Window) reaches(day, today bank.Day) bool {
	return w.From != "" && day >= w.From && (w.To == "" || w.To >= today || day <= w.To)
}

// Reading is what one run read of one account.
type Reading struct {
	// Account owns new rows: its ids go into them.
	Account Account
	Rows    []Row
	// Covered is empty unless the rows were read to their end; Partial says that
	// they were not.
	Covered Window
	Partial bool
	Now     time.Time
	// Today dates the rows that carry no date.
	Today bank.Day
	// Synchronization is the run that read, for the rows' history.
	Synchronization ident.Synchronization
	// Elsewhere says that the rows come from another channel or provider than
	// those that are known: it words labels and makes ids its own way.
	Elsewhere bool
	NewID     func() ident.Transaction
	// Describe makes what people read of what the bank wrote, rules included. It
	// must be pure.
	Describe func(Row) Description
}

// Description is a row for people.
type Description struct {
	Label    string
	Merchant string
	Category Category
}

// Changes are what a reading changes; each row stands in one list at most.
type Changes struct {
	Added    []Transaction
	Modified []Transaction
	// Removed are tombstones, to be stored like the others.
	Removed []Transaction
	// Renewed changed only in how they are recognised: to be stored, not told.
	Renewed   []Transaction
	Unchanged int
	// Revisions tell what was changed in rows that were known, and why.
	Revisions []Revision
	// Booked are the amounts that reached the booked balance, for CheckBalance.
	Booked []money.Amount
}

// Store lists every row that has to be stored.
func (c Changes) Store() []Transaction {
	all := make([]Transaction, 0, len(c.Added)+len(c.Modified)+len(c.Removed)+len(c.Renewed))
	for _, rows := range [][]Transaction{c.Added, c.Modified, c.Removed, c.Renewed} {
		all = append(all, rows...)
	}
	return all
}

// How far apart, in days, two tellings of one movement may lie.
const (
	reachByID      = 10
	reachByContent = 5
)

// dateless is how far back a row without any date may have been seen first.
const dateless = 45

// Reach gives the days, both included, of the known rows that Reconcile needs
// for a reading: those it covers, those its rows tell of, and a margin.
func Reach(rows []Row, covered Window, today bank.Day) (from, to bank.Day) {
	from, to = today, today
	if covered.From != "" {
		from = min(from, covered.From)
	}
	to = max(to, covered.To)
	for _, row := range rows {
		day := EffectiveDay(row, today.AddDays(-dateless))
		from, to = min(from, day), max(to, day)
		for _, other := range []bank.Day{row.BookingDate, row.ValueDate} {
			if other != "" {
				from, to = min(from, other), max(to, other)
			}
		}
	}
	return from.AddDays(-reachByID), to.AddDays(reachByID)
}

// Reconcile recognises an account's known rows in what a bank tells now, and
// says what changes. known are the account's rows within Reach, tombstones
// included, in any order; the order of rows does not matter either.
//
// A movement keeps its own id. It is recognised by content first (see
// Fingerprint; a booked row that its id, amount and label give to another pending
// one is left to that), then by the bank's id where that is unique and amount and
// label agree, then as a pending one that was booked: by same amount and label
// within 5 days, that of its own day first and none where several fit. What an
// answer tells again follows, and last the bank's id where only the amount or the
// label of a pending row agrees, unless both name another day of purchase. In doubt there are two rows with a
// link; so there are where a booked row is missing from a covered day and a new one
// is of the same amount. An answer that broke off cannot show that, so a booked row
// that may be such a one waits for the next.
// Pending rows that vanished from a covered day are removed; booked ones never
// are. A removed id does not return: the row gets a new one that supersedes it.
// What a user set is never overwritten; what a user hid or merged is recognised
// like any other row and stays as the user left it.
//
// Rows from elsewhere are recognised by content or as booked, then by amount and
// day alone, as long as there are as many on both sides, else within 3 days
// where each is the only one that fits the other; ids are not believed.
//
// Reconciling the same rows again changes nothing.
func Reconcile(known []Transaction, reading Reading) Changes {
	r := newReconciliation(known, reading)
	r.recognise()
	r.settle()
	r.admit()
	r.bury()
	r.resolve()
	r.number()
	return r.changes()
}

func (r *reconciliation) recognise() {
	r.pairAll()
	r.cede()
}

func (r *reconciliation) pairAll() {
	r.byContent()
	r.note(ByContent)
	if r.Elsewhere {
		r.asBooked()
		r.note(ByBooking)
		r.repeated()
		r.note(ByContent)
		r.byAmount()
		r.note(ByAmountAndDay)
		return
	}
	r.byBankID(r.certain)
	r.note(ByBankIDSure)
	r.asBooked()
	r.note(ByBooking)
	r.repeated()
	r.note(ByContent)
	r.byBankID(r.believable)
	r.note(ByBankIDAlone)
}

// reconciliation is one account's known rows (live and dead) and candidates.
type reconciliation struct {
	Reading
	live  []*entry
	dead  []*entry
	fresh []*entry
	rows  []*candidate
	// named are the pending rows by the bank's id, told the answer's rows by theirs.
	named map[string][]*entry
	told  map[string]*candidate
}

// entry is a known row, or a new one, on its way through the rules.
type entry struct {
	before, after Transaction
	match         *candidate
	// by is why it was matched, or removed.
	by Evidence
}

// candidate is a row of the answer that has to find its entry.
type candidate struct {
	Row
	fingerprint string
	// id is the bank's id where it is fit to be believed.
	id      string
	content content
	match   *entry
	// again says that the answer holds the same row, its id too, before this one.
	again bool
	// at is where the row stands in the reading.
	at int
}

func newReconciliation(known []Transaction, reading Reading) *reconciliation {
	r := &reconciliation{Reading: reading}
	for _, k := range known {
		e := &entry{before: k, after: k}
		if k.buried() {
			r.dead = append(r.dead, e)
		} else {
			r.live = append(r.live, e)
		}
	}
	for _, entries := range [][]*entry{r.live, r.dead} {
		sort.Slice(entries, func(i, j int) bool { return r.precedes(entries[i], entries[j]) })
	}
	r.named, r.told = map[string][]*entry{}, map[string]*candidate{}
	for _, e := range r.live {
		if e.before.BankID != "" && e.before.Status == Pending {
			r.named[e.before.BankID] = append(r.named[e.before.BankID], e)
		}
	}
	times := map[string]int{}
	for _, row := range reading.Rows {
		times[strings.TrimSpace(row.BankID)]++
	}
	for at, row := range reading.Rows {
		c := &candidate{Row: row, at: at, fingerprint: Fingerprint(row), content: contentOf(row)}
		if id := strings.TrimSpace(row.BankID); times[id] == 1 && id != "" {
			c.id, r.told[id] = id, c
		}
		r.rows = append(r.rows, c)
	}
	slices.SortFunc(r.rows, func(a, b *candidate) int { return slices.Compare(a.content[:], b.content[:]) })
	r.markRepeated()
	return r
}

// precedes puts rows that could be removed first, so that they are matched
// first; then the order in which they became known.
func (r *reconciliation) precedes(a, b *entry) bool {
	if x, y := r.vanishes(a), r.vanishes(b); x != y {
		return x
	}
	if !a.before.FirstSeenAt.Equal(b.before.FirstSeenAt) {
		return a.before.FirstSeenAt.Before(b.before.FirstSeenAt)
	}
	return a.before.ID < b.before.ID
}

// vanishes reports whether a row is removed when the answer does not hold it.
func (r *reconciliation) vanishes(e *entry) bool {
	return e.before.Status == Pending && !e.before.Removed && r.Covered.Covers(e.before.EffectiveDate)
}

// note says why the rows were matched that are matched by now.
func (r *reconciliation) note(why Evidence) {
	for _, e := range r.live {
		if e.match != nil && e.by == "" {
			e.by = why
		}
	}
}

func pair(e *entry, c *candidate) { e.match, c.match = c, e }

// content is all of a row: equal when nothing tells two rows apart, and an order
// that does not depend on where a row stood in the answer.
type content [15]string

func contentOf(row Row) content {
	return content{
		string(accountingDay(row)), row.Amount.SortKey(), row.Amount.Currency(), row.Label, string(row.Status), string(row.Type),
		string(row.BookingDate), string(row.ValueDate), string(row.TransactionDate), row.Counterparty, row.MerchantCode,
		row.EndToEndID, row.BalanceAfter, row.BankID, string(row.Raw),
	}
}
