package judge

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// wanted is a movement that has to have a row, or may have one.
type wanted struct {
	*memory
	said life.Said
	may  bool
	// ghost is a pending row that an answer of earlier told again.
	ghost bool
	row   *ledger.Transaction
}

// comparison brings movements and rows together, look by look.
type comparison struct {
	*book
	wanted map[string][]*wanted
	rows   map[string][]*ledger.Transaction
	owner  map[ident.Transaction]*wanted
	doubts []doubt
	all    []ledger.Transaction
}

// doubt is a row that stands beside that of a marked movement.
type doubt struct {
	row, into *ledger.Transaction
	memory    *memory
}

// lookOf is what a movement and its row share to the letter. It is asked for
// millions of times.
func lookOf(s life.Said) string {
	amount := strings.TrimSuffix(strings.TrimRight(life.Decimal(s.Cents), "0"), ".")
	return amount + " " + string(s.Status) + " " + s.Label
}

func lookOfRow(t ledger.Transaction) string {
	return t.Amount.Canonical() + " " + string(t.Status) + " " + t.RawLabel
}

// fits compares the dates that the bank told.
func fits(s life.Said, t *ledger.Transaction) bool {
	for _, day := range []struct{ told, held string }{
		{string(s.Booking), string(t.BookingDate)}, {string(s.Value), string(t.ValueDate)}, {string(s.Acted), string(t.TransactionDate)},
	} {
		if day.told != "" && day.told != day.held {
			return false
		}
	}
	return true
}

func (b *book) compare(all []*wanted, rows []ledger.Transaction) *comparison {
	c := &comparison{book: b, wanted: map[string][]*wanted{}, rows: map[string][]*ledger.Transaction{}, owner: map[ident.Transaction]*wanted{}, all: rows}
	b.trace(rows)
	for _, w := range all {
		look := lookOf(w.said)
		c.wanted[look] = append(c.wanted[look], w)
	}
	for i := range rows {
		if !rows[i].Removed {
			c.rows[lookOfRow(rows[i])] = append(c.rows[lookOfRow(rows[i])], &rows[i])
		}
	}
	for _, group := range c.rows { // of equal rows, a candidate is the one too much
		slices.SortStableFunc(group, func(x, y *ledger.Transaction) int { return order(doubted(x)) - order(doubted(y)) })
	}
	for look, group := range c.wanted {
		slices.SortStableFunc(group, func(x, y *wanted) int { return order(x.may) - order(y.may) })
		for _, w := range group {
			c.find(w, c.rows[look], map[ident.Transaction]bool{})
		}
	}
	return c
}

func order(later bool) int {
	if later {
		return 1
	}
	return 0
}

// find gives a movement a row, and makes room for it where it must.
func (c *comparison) find(w *wanted, rows []*ledger.Transaction, tried map[ident.Transaction]bool) bool {
	for _, row := range rows {
		if tried[row.ID] || !fits(w.said, row) {
			continue
		}
		tried[row.ID] = true
		if holder := c.owner[row.ID]; holder == nil || c.find(holder, rows, tried) {
			c.owner[row.ID], w.row = w, row
			return true
		}
	}
	return false
}

// judge gives what is wrong with rows and their ids. Before a day it looks for
// nothing that is too much: what belongs to it may lie further back.
func (c *comparison) judge(from life.Day) (found []Finding, candidates int) {
	add := func(kind Kind, m *life.Movement, text string, args ...any) {
		found = append(found, Finding{Account: c.Serial, Kind: kind, Movement: m, Text: fmt.Sprintf(text, args...)})
	}
	for look, group := range c.wanted {
		for _, w := range group {
			if w.row == nil && !w.may {
				add(Missing, w.Movement, "no row is %s, %v", look, w.said.Accounted())
			}
		}
	}
	for look, group := range c.rows {
		for _, row := range group {
			switch {
			case c.owner[row.ID] != nil || string(row.EffectiveDate) < string(from):
			case c.candidate(row):
				candidates++
			default:
				add(Doubled, nil, "%s is too much: %s, %s, links %v", row.ID, look, row.EffectiveDate, row.Links)
			}
			if c.buried[row.ID] {
				add(Doubled, nil, "%s was removed and is there again", row.ID)
			}
		}
	}
	for look, group := range c.rows {
		for _, row := range group {
			if !c.granted(row) {
				add(Unfaithful, nil, "%s is no more as its user wanted it: %v %q", row.ID, row.Category, row.GivenLabel)
			}
			c.name(row, c.wanted[look], add)
		}
	}
	c.held(from, add)
	return found, candidates
}

// candidate reports whether a row that is too much is forgiven: it stands for a
// marked movement as it was told, with a link to or from that movement's row.
func (c *comparison) candidate(row *ledger.Transaction) bool {
	for _, w := range c.owner {
		if linked(row, w.row.ID) || linked(w.row, row.ID) || c.apart[c.pair(row.ID, w.row.ID)] {
			for _, m := range append([]*life.Movement{w.Movement}, c.twins[w.Movement]...) {
				if c.toldAs(m, row) {
					if row.Status == w.row.Status || row.Status == ledger.Pending {
						c.doubts = append(c.doubts, doubt{row, w.row, c.known[m]})
					}
					return true
				}
			}
		}
	}
	return false
}

// toldAs reports whether a marked movement was told as a row holds it.
func (c *comparison) toldAs(movement *life.Movement, row *ledger.Transaction) bool {
	m := c.known[movement]
	if m == nil || !m.marked() || (m.merged && !m.again) {
		return false
	}
	for stage := range m.told {
		if s := m.Stages[stage].Said; lookOf(s) == lookOfRow(*row) && fits(s, row) {
			return true
		}
	}
	return false
}

func doubted(row *ledger.Transaction) bool {
	return slices.ContainsFunc(row.Links, func(l ledger.Link) bool { return l.Type == ledger.DuplicateCandidate })
}

func linked(row *ledger.Transaction, to ident.Transaction) bool {
	return slices.ContainsFunc(row.Links, func(l ledger.Link) bool { return l.Type == ledger.DuplicateCandidate && l.TransactionID == to })
}

// name follows a row's id: it stands for one movement for ever, or for one of
// those that nobody can tell apart.
func (c *comparison) name(row *ledger.Transaction, group []*wanted, add func(Kind, *life.Movement, string, ...any)) {
	now, alone := map[*life.Movement]bool{}, []*wanted{}
	for _, w := range group {
		if fits(w.said, row) {
			alone = append(alone, w)
			now[w.Movement] = true
			for _, twin := range c.twins[w.Movement] {
				now[twin] = true
			}
		}
	}
	if len(now) == 0 {
		return
	}
	before, named := c.names[row.ID]
	if old := c.gaveBack(row); !named && old != "" {
		before, named = c.names[old], true
		c.names[row.ID] = before
	}
	for m := range before {
		if !now[m] {
			delete(before, m)
		}
	}
	switch {
	case !named:
		c.names[row.ID] = now
	case len(before) == 0:
		add(Merged, alone[0].Movement, "%s stood for another movement before", row.ID)
		c.names[row.ID] = now
	}
	if len(now) != 1 || alone[0].ghost || len(alone) != 1 {
		return
	}
	m := alone[0].memory
	if m.id != "" && m.id != row.ID && !m.broken && !m.marked() {
		add(Torn, m.Movement, "was %s and is %s", m.id, row.ID)
	}
	m.id, m.broken = row.ID, false
}
