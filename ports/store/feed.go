package store

import (
	"context"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
)

// Feed is the log of changes of transactions. It tells which ids were added or
// changed by which Update, in the order of the commits, and keeps no versions:
// what is told of an id is what it is at the time of the reading. So every page
// is right when it is read, and whoever takes over one page after another has,
// at the end, what the store has: the last entry of an id is read after its
// last change. Entries are numbered by the last event of their Update, and stay
// when what they name is deleted.
type Feed interface {
	// After reads on from a place, at most limit entries. It fails with ErrCursor
	// where the log does not reach that far: the place is of another log.
	After(ctx context.Context, owner Owner, from Place, limit int) (Changes, error)
}

// Place is how far a feed was read: all numbers below Seq, and of the entries of
// Seq itself the first Told. The zero Place is the beginning.
type Place struct {
	Seq  int64
	Told int
	// Since is where the log ended when a reader set out from the beginning. What
	// was added it gets in a state that is not older, so that live rows need no
	// entry of a change up to there.
	Since int64
}

// Changes are a page of a feed. An id is in one list at most.
type Changes struct {
	Added    []ledger.Transaction
	Modified []ledger.Transaction
	// Removed ids may be of rows that the reader never got.
	Removed []ident.Transaction
	Next    Place
	// More says that there is more to read now; a page may be empty and have more.
	More bool
}
