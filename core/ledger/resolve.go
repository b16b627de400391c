package ledger

import (
	"slices"

	"github.com/tributary-dev/tributary/core/ident"
)

// resolve ends doubts that this answer ends. A pending row that vanished was
// most likely the one that a booked row took the place of; one that was booked
// by itself was not.
func (r *reconciliation) resolve() {
	vanished, booked := map[ident.Transaction]bool{}, map[ident.Transaction]bool{}
	for _, e := range r.live {
		switch {
		case e.after.Removal == Vanished:
			vanished[e.after.ID] = true
		case e.before.Status == Pending && e.after.Status != Pending:
			booked[e.after.ID] = true
		}
	}
	if len(vanished)+len(booked) == 0 {
		return
	}
	for _, entries := range [][]*entry{r.live, r.fresh} {
		for _, e := range entries {
			e.after.Links = resolved(e.after, vanished, booked)
			if e.by == "" {
				e.by = ByAbsence
			}
		}
	}
}

func resolved(t Transaction, vanished, booked map[ident.Transaction]bool) []Link {
	if !t.InDoubt() {
		return t.Links
	}
	var links []Link
	for _, l := range t.Links {
		doubt := l.Type == DuplicateCandidate && t.Status != Pending
		switch {
		case doubt && vanished[l.TransactionID]:
			l.Type = PendingOf
		case doubt && booked[l.TransactionID]:
			continue
		}
		links = append(links, l)
	}
	return slices.Clip(links)
}
