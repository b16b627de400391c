package judge

import (
	"slices"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// decisions are what a user decided about pairs of rows, and what must follow
// from it for ever.
type decisions struct {
	merges []merge
	// apart are pairs that are not one: they are never offered or merged again.
	apart map[pair]bool
	// returned are the rows that were given back, by the ids that they had.
	returned map[ident.Transaction]returned
	// roots lead from an id to the first of those that it took the place of.
	roots map[ident.Transaction]ident.Transaction
}

// pair are two rows in no order, by the first ids that they had.
type pair [2]ident.Transaction

// merge is one that its user may take back.
type merge struct {
	from, into ident.Transaction
	memory     *memory
	// mistaken says that they are two movements; else they are one.
	mistaken bool
	day      life.Day
	pending  bool
	wish     life.Wish
}

// returned is a row of a merge that was taken back.
type returned struct {
	day     life.Day
	pending bool
	wish    life.Wish
}

func newDecisions() decisions {
	return decisions{apart: map[pair]bool{}, returned: map[ident.Transaction]returned{}, roots: map[ident.Transaction]ident.Transaction{}}
}

// trace follows ids that took the place of others.
func (d *decisions) trace(rows []ledger.Transaction) {
	for _, row := range rows {
		for _, l := range row.Links {
			if l.Type == ledger.Supersedes {
				d.roots[row.ID] = l.TransactionID
			}
		}
	}
}

func (d *decisions) root(id ident.Transaction) ident.Transaction {
	for d.roots[id] != "" {
		id = d.roots[id]
	}
	return id
}

func (d *decisions) pair(a, b ident.Transaction) pair {
	a, b = d.root(a), d.root(b)
	return pair{min(a, b), max(a, b)}
}

// gaveBack is the id of which a merge was taken back, where a row has its place.
func (d *decisions) gaveBack(row *ledger.Transaction) ident.Transaction {
	for _, l := range row.Links {
		if _, is := d.returned[l.TransactionID]; is && l.Type == ledger.Supersedes {
			return l.TransactionID
		}
	}
	return ""
}

// choices are what the user may have second thoughts about: rows are those that
// stand for one movement, doubts those that stand beside one.
func (c *comparison) choices(rows []string, doubts []life.Wish) (of life.Choices) {
	for _, m := range c.merges {
		if c.undoable(m) {
			of.Merged = append(of.Merged, life.Wish{Transaction: string(m.from), Into: string(m.into), Back: true})
		}
	}
	for _, w := range doubts {
		of.Offered = append(of.Offered, life.Wish{Transaction: w.Transaction, Apart: w.Into})
	}
	for i, id := range rows {
		row := c.owner[ident.Transaction(id)].row
		for _, l := range row.Links {
			if l.Type == ledger.DuplicateCandidate && slices.Contains(rows, string(l.TransactionID)) {
				of.Offered = append(of.Offered, life.Wish{Transaction: id, Apart: string(l.TransactionID)})
			}
		}
		if i == 0 {
			continue
		}
		other := c.owner[ident.Transaction(rows[i-1])].row
		if row.Amount.Sign() == other.Amount.Sign() && (row.Status == ledger.Pending || other.Status != ledger.Pending) {
			of.Mistakes = append(of.Mistakes, life.Wish{Transaction: id, Into: rows[i-1]})
		}
	}
	return of
}

// undoable reports whether it is known what must follow from taking a merge back.
func (c *comparison) undoable(m merge) bool {
	if !m.mistaken {
		return c.shows(m.into) && m.memory.merged && !m.memory.again && m.memory.stage >= 0
	}
	return m.memory.stays() && m.memory.stage >= 0 && !m.memory.lingers && !m.memory.haunts()
}

func (c *comparison) shows(id ident.Transaction) bool {
	return slices.ContainsFunc(c.all, func(row ledger.Transaction) bool { return row.ID == id && !row.Removed })
}

// merge notes that the user made two rows one: those of one movement, or of two.
func (c *comparison) merge(from, into ident.Transaction) {
	delete(c.apart, c.pair(from, into))
	m := merge{from: from, into: into}
	for _, row := range c.all {
		if row.ID == from {
			m.day, m.pending = life.Day(row.EffectiveDate), row.Status == ledger.Pending
		}
	}
	if w := c.owner[from]; w != nil {
		m.memory, m.mistaken, m.wish = w.memory, true, c.wished[from]
		w.hidden, w.mistaken = true, true
		c.inherit(from, into)
		c.merges = append(c.merges, m)
		return
	}
	for _, d := range c.doubts {
		if d.row.ID == from {
			d.memory.merged, d.memory.again = true, false
			m.memory = d.memory
		}
	}
	if m.memory != nil {
		c.merges = append(c.merges, m)
	}
}

// inherit gives a row what the user set on another one, where it has nothing.
func (b *book) inherit(from, into ident.Transaction) {
	w, has := b.wished[from]
	if !has {
		return
	}
	now := b.wished[into]
	if now.Category == "" {
		now.Category = w.Category
	}
	if now.Label == "" {
		now.Label = w.Label
	}
	b.wished[into] = now
}

// takeBack notes that a merge is none: the row returns under a new id, as it was
// set, and the two are apart for ever.
func (c *comparison) takeBack(from ident.Transaction) {
	at := slices.IndexFunc(c.merges, func(m merge) bool { return m.from == from })
	m := c.merges[at]
	c.merges = slices.Delete(c.merges, at, at+1)
	c.apart[c.pair(m.from, m.into)] = true
	c.returned[m.from] = returned{day: m.day, pending: m.pending, wish: m.wish}
	if m.mistaken {
		m.memory.hidden, m.memory.mistaken, m.memory.id, m.memory.broken = false, false, "", true
		return
	}
	m.memory.merged = false
}

// held checks that what was decided about pairs is kept.
func (c *comparison) held(from life.Day, add func(Kind, *life.Movement, string, ...any)) {
	there := map[ident.Transaction]bool{}
	for i := range c.all {
		row := &c.all[i]
		old := c.gaveBack(row)
		if there[old] = true; old != "" && !row.Removed {
			if back := c.returned[old]; back.wish != (life.Wish{}) && c.wished[row.ID] == (life.Wish{}) {
				c.wished[row.ID] = back.wish
				if !c.granted(row) {
					add(Unfaithful, nil, "%s came back without what its user had set", row.ID)
				}
			}
		}
		if into, merged := row.MergedInto(); merged && c.apart[c.pair(row.ID, into)] {
			add(Unfaithful, nil, "%s is merged into %s again", row.ID, into)
		}
		for _, l := range row.Links {
			if !row.Removed && l.Type == ledger.DuplicateCandidate && c.apart[c.pair(row.ID, l.TransactionID)] {
				add(Unfaithful, nil, "%s is offered as %s again", row.ID, l.TransactionID)
			}
		}
	}
	for old, back := range c.returned {
		if !there[old] && (from == "" || back.day >= from.Add(35)) {
			add(Missing, nil, "%s was given back and is not there", old)
		}
	}
}
