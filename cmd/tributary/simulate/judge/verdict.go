package judge

import (
	"fmt"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
)

// Kind is a way to be wrong.
type Kind string

// Kinds of finding.
const (
	// Missing is a movement without a row, Doubled a row too many.
	Missing Kind = "missing"
	Doubled Kind = "doubled"
	// Merged is an id that stood for two movements, Torn a movement that changed
	// its id although the rules promise that it keeps it.
	Merged Kind = "wrongly merged"
	Torn   Kind = "torn"
	// Unbalanced is a wrong balance, or a gap where there is none.
	Unbalanced Kind = "wrong balance"
	// Unfaithful is a feed that, folded, is not what the ledger holds, or an
	// edit of the user that did not last.
	Unfaithful Kind = "unfaithful"
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{Missing, Doubled, Merged, Torn, Unbalanced, Unfaithful} }

// Finding is one thing that is wrong.
type Finding struct {
	Visit   int
	Account int
	Kind    Kind
	// Movement is what it is about, where it is about one.
	Movement *life.Movement
	Text     string
}

func (f Finding) String() string {
	family := ""
	if f.Movement != nil {
		family = fmt.Sprintf(" (movement %d, %s)", f.Movement.Serial, f.Movement.Family)
	}
	return fmt.Sprintf("visit %d, account %d: %s: %s%s", f.Visit, f.Account, f.Kind, f.Text, family)
}

// Decided counts what users decided about pairs of rows and about accounts.
type Decided struct{ Merged, TakenBack, ToldApart, Moved int }

// Add adds what was decided in another life.
func (d *Decided) Add(other Decided) {
	d.Merged, d.TakenBack = d.Merged+other.Merged, d.TakenBack+other.TakenBack
	d.ToldApart, d.Moved = d.ToldApart+other.ToldApart, d.Moved+other.Moved
}

func (d *Decided) count(w life.Wish) {
	switch {
	case w.Back:
		d.TakenBack++
	case w.Into != "":
		d.Merged++
	case w.Apart != "":
		d.ToldApart++
	}
}

// Verdict is what a life came to.
type Verdict struct {
	Rows int
	// Marked counts movements that the generator marked, Candidates the rows
	// that stand beside them as duplicate candidates.
	Marked, Candidates int
	Decided            Decided
	Findings           []Finding
}
