package judge

import (
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/ident"
)

// book is what the judge knows of one account.
type book struct {
	*life.Account
	ours   ident.Account
	known  map[*life.Movement]*memory
	twins  map[*life.Movement][]*life.Movement
	names  map[ident.Transaction]map[*life.Movement]bool
	buried map[ident.Transaction]bool
	// wished is what the user wants rows to be.
	wished map[ident.Transaction]life.Wish
	decisions
	// since is the first day that was ever told completely.
	since life.Day
	// upset says that the answer before this one did not tell all it should
	// have: rows and balances of two answers need not fit.
	upset bool
}

func newBook(a *life.Account) *book {
	return &book{
		Account: a, known: map[*life.Movement]*memory{}, twins: twinsOf(a),
		names: map[ident.Transaction]map[*life.Movement]bool{}, buried: map[ident.Transaction]bool{},
		wished: map[ident.Transaction]life.Wish{}, decisions: newDecisions(),
	}
}

// hear takes in what the bank told, and reports whether anything in it was
// marked: then rows and balances need not fit.
func (b *book) hear(t life.Told, v life.Visit, channel string, h life.Habits) (marked bool) {
	now, was := map[*life.Movement]int{}, map[*memory]int{}
	b.tie(t)
	for _, row := range t.Rows {
		m := b.known[row.Movement]
		if m == nil {
			m = &memory{Movement: row.Movement, stage: -1, told: map[int]bool{}, ghosts: map[int]bool{}, first: h.Today(v.At)}
			b.known[row.Movement] = m
		}
		was[m] = m.stage
		marked = m.take(row, v, channel, h.IDs) || marked
		now[row.Movement] = row.Stage
	}
	if !t.Done {
		return marked
	}
	if b.since == "" {
		b.since = t.From
	}
	for _, m := range b.known {
		stage, told := now[m.Movement]
		if v.Kind == life.Moving { // rows of the account are joined, and none are removed
			m.lingers = m.lingers || (!told && m.stage >= 0 && m.said().Status == life.Pending)
			b.doubt(m, was)
			continue
		}
		m.settle(t, stage, told)
	}
	return marked
}

// doubt: which of two alike a pending row became is not known where both were
// booked, so it stays beside them where none are removed.
func (b *book) doubt(m *memory, was map[*memory]int) {
	before, told := was[m]
	if told && before >= 0 && before != m.stage && m.Stages[before].Status == life.Pending && len(b.twins[m.Movement]) > 0 {
		m.ghosts[before] = true
	}
}

// settle draws what follows from what a complete answer did not tell.
func (m *memory) settle(t life.Told, stage int, told bool) {
	covered := func(stage int) bool {
		day := m.effectiveIn(stage)
		return day >= t.From && day <= t.To
	}
	for ghost := range m.ghosts {
		if covered(ghost) && (!told || stage != ghost) {
			delete(m.ghosts, ghost)
		}
	}
	switch {
	case told || m.stage < 0 || m.said().Status != life.Pending:
	case covered(m.stage):
		m.stage, m.broken, m.lingers = -1, true, false
	default:
		m.lingers = true
	}
}

// tie makes twins of a movement that is pending, or of which a pending row may
// linger, and a new one that comes under its id, with its name: whether that is a tip or another purchase, no feed tells.
func (b *book) tie(t life.Told) {
	numbers := map[string]*memory{}
	for _, m := range b.known {
		if m.number != "" && ((m.stage >= 0 && m.said().Status == life.Pending) || m.haunts()) {
			numbers[m.number] = m
		}
	}
	for _, row := range t.Rows {
		m := numbers[row.ID]
		if m == nil || m.Movement == row.Movement || !life.SameName(m.name, row.Label) || slices.Contains(b.twins[m.Movement], row.Movement) {
			continue
		}
		b.twins[m.Movement] = append(b.twins[m.Movement], row.Movement)
		b.twins[row.Movement] = append(b.twins[row.Movement], m.Movement)
	}
}

func (m *memory) take(row life.Row, v life.Visit, channel string, ids life.IDs) (marked bool) {
	m.told[row.Stage], m.lingers = true, false
	if row.Status == life.Pending {
		m.number, m.name = strings.TrimSpace(row.ID), row.Label
	}
	marked = row.Again
	m.repeated = m.repeated || row.Again
	m.broken, m.again = m.broken || row.Again, m.again || row.Again
	was := m.stage
	if m.merged && row.Stage < was { // of two rows that its user made one, the older brings nothing back
		return marked
	}
	if was >= 0 && m.said().Status != life.Pending && row.Status == life.Pending {
		m.ghosts[row.Stage], m.broken, m.released = true, true, m.hidden // an answer of earlier unbooks nothing
		return marked
	}
	m.released = m.released || (m.hidden && was < 0)
	marked = marked || (was != row.Stage && m.mistaken) // what is booked of it counts for nothing
	if was >= 0 && was != row.Stage {
		before := m.said()
		keeps := ids.Keeps(before.Status, row.Status, m.consent == v.Consent) && m.channel == channel && !m.repeated
		if !promised(before, row.Said, m.first, keeps) {
			m.broken, m.released = true, m.hidden
			m.ghosts[was] = before.Status == life.Pending
		}
		marked = marked || m.marked()
	}
	m.stage, m.consent, m.channel = row.Stage, v.Consent, channel
	return marked
}
