package ledger

import "github.com/tributary-dev/tributary/core/bank"

// History is how far back an account was read.
type History string

// Histories. Recent is what banks give at any time; Moved is that too, read by
// another channel than the one whose rows are known; Complete goes as far back
// as the bank does.
const (
	Unread   History = ""
	Recent   History = "RECENT"
	Moved    History = "MOVED"
	Complete History = "COMPLETE"
)

// Histories lists them, for tables that must be complete.
func Histories() []History { return []History{Unread, Recent, Moved, Complete} }

// Missing reports whether older rows are still to be read.
func (h History) Missing() bool { return h == Recent || h == Moved }

// After is the history once an account was read from a day, of what was asked;
// elsewhere says that another channel read what is known. A bank that covers
// less than it was asked goes back no further.
func (h History) After(asked, from bank.Day, elsewhere bool) History {
	switch {
	case h == Complete || from == "" || asked == "" || from > asked:
		return Complete
	case elsewhere || h == Moved:
		return Moved
	}
	return Recent
}
