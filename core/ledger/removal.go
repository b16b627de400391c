package ledger

// Removal is why a row is shown no more. A removed row keeps its id for ever,
// and the id is never shown again (field note 8).
type Removal string

// Reasons.
const (
	// Vanished: a pending row that the bank stopped telling.
	Vanished Removal = "VANISHED"
	// Hidden by its user; what the bank tells of it goes on being recognised.
	Hidden Removal = "HIDDEN"
	// Merged into another row; recognised like a hidden one.
	Merged Removal = "MERGED"
	// Joined with the same row of an account that moved. The bank goes on telling
	// one, so this one stands for nothing any more.
	Joined Removal = "JOINED"
	// Replaced by a row with a new id, after a merge was taken back.
	Replaced Removal = "REPLACED"
)

// decided reports whether a person removed the row: it then still stands for
// what the bank tells, so that it does not come back as a new one.
func (t Transaction) decided() bool { return t.Removal == Hidden || t.Removal == Merged }

// buried reports whether the row stands for nothing that a bank may tell.
func (t Transaction) buried() bool { return t.Removed && !t.decided() }

// Removals lists the reasons.
func Removals() []Removal { return []Removal{Vanished, Hidden, Merged, Joined, Replaced} }
