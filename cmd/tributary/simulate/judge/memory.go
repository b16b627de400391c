package judge

import (
	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/ident"
)

// memory is what the judge knows of the telling of one movement.
type memory struct {
	*life.Movement
	// stage was told last; -1 for none, or for a pending row that vanished.
	stage int
	// told are all stages that were.
	told map[int]bool
	// first is the day on which it was told first: the date of rows without one.
	first   life.Day
	consent int
	channel string
	// lingers says that a pending row was not told although nothing says that it
	// vanished: it may be there or not.
	lingers bool
	// ghosts are pending stages of which a row may linger: an answer of earlier
	// told it again, or nothing tied it to the booked one and its day was not
	// told since.
	ghosts map[int]bool
	// number is the bank's id and name the label under which it was pending last.
	number, name string
	// repeated says that an answer held it twice.
	repeated bool
	// broken says that nothing promises that it kept its id since id was seen.
	broken bool
	id     ident.Transaction
	// hidden says that the user hid it, released that it was told since in a way
	// that nothing ties to what was hidden.
	hidden, released bool
	// merged says that the user made its rows one, again that it was told twice since.
	merged, again bool
	// mistaken says that the user took it for another one: it is hidden till that is
	// taken back.
	mistaken bool
}

func (m *memory) said() life.Said { return m.Stages[m.stage].Said }

// stays reports whether a hidden movement has to stay hidden.
func (m *memory) stays() bool { return m.hidden && !m.released }

// haunts reports whether a pending row of it may linger.
func (m *memory) haunts() bool {
	for _, lingers := range m.ghosts {
		if lingers {
			return true
		}
	}
	return false
}

func (m *memory) marked() bool { return m.Doubtful || m.repeated }

// effective is the day by which its row is sorted.
func (m *memory) effective() life.Day { return m.effectiveIn(m.stage) }

func (m *memory) effectiveIn(stage int) life.Day {
	if day := m.Stages[stage].Effective(); day != "" {
		return day
	}
	return m.first
}

// How far apart two tellings may lie: what ledger.Reconcile documents.
const (
	reachByID      = 10
	reachByContent = 5
)

// promised reports whether the documented rules promise that a movement keeps
// its id from one telling to the next.
func promised(before, now life.Said, seen life.Day, keeps bool) bool {
	sameAmount, sameLabel := before.Cents == now.Cents, life.Essence(before.Label) == life.Essence(now.Label)
	if sameAmount && sameLabel && before.Accounted() == now.Accounted() {
		return now.Status != life.Pending || before.Status == life.Pending
	}
	day := before.Effective()
	if day == "" {
		day = seen
	}
	apart, known := day.Apart(now.Effective())
	within := func(reach int) bool { return !known || apart <= reach }
	if before.Status == life.Pending && now.Status != life.Pending && sameAmount && sameLabel && within(reachByContent) {
		return true
	}
	if !keeps || !within(reachByID) || (before.Cents*now.Cents <= 0 && before.Cents != 0) {
		return false
	}
	if before.Status == life.Pending {
		return sameAmount || life.SameName(before.Label, now.Label)
	}
	return now.Status != life.Pending && sameAmount && (before.Accounted() == now.Accounted() || life.SameName(before.Label, now.Label))
}
