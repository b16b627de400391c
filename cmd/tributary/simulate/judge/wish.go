package judge

import (
	"maps"
	"slices"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// Wishes are what the user wants after a visit, of the accounts judged in it.
// The judge holds the ledger to them from now on: so only wish what is done.
func (j *Judge) Wishes() []life.Wish {
	var wishes []life.Wish
	for _, serial := range slices.Sorted(maps.Keys(j.wishes)) {
		for _, w := range j.wishes[serial].all {
			j.wishes[serial].of.promise(w)
			j.Decided.count(w)
			wishes = append(wishes, w)
		}
	}
	clear(j.wishes)
	return wishes
}

// wishes are those for one account, as it was found last in a visit: a channel
// may be asked more than once.
type wishes struct {
	of  *comparison
	all []life.Wish
}

// wish draws what the user wants of rows that are known to stand for one
// movement, and of those that stand beside one as its candidates.
func (j *Judge) wish(visit int, c *comparison) {
	var rows []string
	var doubts []life.Wish
	for id, w := range c.owner {
		if len(c.twins[w.Movement]) == 0 && !w.marked() && !w.may && !w.ghost {
			rows = append(rows, string(id))
		}
	}
	for _, d := range c.doubts {
		doubts = append(doubts, life.Wish{Transaction: string(d.row.ID), Into: string(d.into.ID)})
	}
	slices.Sort(rows)
	slices.SortFunc(doubts, func(x, y life.Wish) int { return slices.Compare([]byte(x.Transaction), []byte(y.Transaction)) })
	all := j.life.Wishes(visit, c.Serial, rows, doubts)
	j.wishes[c.Serial] = wishes{c, append(all, j.life.Regrets(visit, c.Serial, c.choices(rows, doubts), all)...)}
}

func (c *comparison) promise(w life.Wish) {
	id := ident.Transaction(w.Transaction)
	switch {
	case w.Back:
		c.takeBack(id)
	case w.Apart != "":
		c.apart[c.pair(id, ident.Transaction(w.Apart))] = true
	case w.Into != "":
		c.merge(id, ident.Transaction(w.Into))
	case w.Hide:
		c.owner[id].hidden = true
		delete(c.wished, id)
	default:
		before := c.wished[id]
		if w.Category != "" {
			before.Category = w.Category
		}
		if w.Label != "" {
			before.Label = w.Label
		}
		c.wished[id] = before
	}
}

// granted reports whether a row is still as its user wanted it.
func (b *book) granted(row *ledger.Transaction) bool {
	w, ok := b.wished[row.ID]
	return !ok || ((w.Category == "" || (row.Category.ID == w.Category && row.Category.Source == ledger.SourceUser)) &&
		(w.Label == "" || row.GivenLabel == w.Label))
}
