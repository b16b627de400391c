package ledger

import (
	"cmp"
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
	heirs := r.heirs(vanished)
	for _, entries := range [][]*entry{r.live, r.fresh} {
		for _, e := range entries {
			apart := booked
			if e.before.ID == "" || booked[e.after.ID] { // told in one answer with it: told twice, and still in doubt
				apart = nil
			}
			e.after.Links = resolved(e.after, heirs, vanished, apart)
			if e.by == "" {
				e.by = ByAbsence
			}
		}
	}
}

// heirs finds for each vanished row the one booked row that most likely took
// its place; each takes that of one.
func (r *reconciliation) heirs(vanished map[ident.Transaction]bool) map[ident.Transaction]ident.Transaction {
	type claim struct {
		by ident.Transaction
		of Link
	}
	var claims []claim
	for _, entries := range [][]*entry{r.live, r.fresh} {
		for _, e := range entries {
			for _, l := range e.after.Links {
				if l.Type == DuplicateCandidate && e.after.Status != Pending && vanished[l.TransactionID] {
					claims = append(claims, claim{e.after.ID, l})
				}
			}
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int { return cmp.Compare(b.of.Confidence, a.of.Confidence) })
	heirs, took := map[ident.Transaction]ident.Transaction{}, map[ident.Transaction]bool{}
	for _, c := range claims {
		if heirs[c.of.TransactionID] == "" && !took[c.by] {
			heirs[c.of.TransactionID], took[c.by] = c.by, true
		}
	}
	return heirs
}

func resolved(t Transaction, heirs map[ident.Transaction]ident.Transaction, vanished, booked map[ident.Transaction]bool) []Link {
	if !t.InDoubt() {
		return t.Links
	}
	var links []Link
	for _, l := range t.Links {
		doubt := l.Type == DuplicateCandidate && t.Status != Pending
		switch {
		case doubt && heirs[l.TransactionID] == t.ID:
			l.Type = PendingOf
		case doubt && (vanished[l.TransactionID] || booked[l.TransactionID]):
			continue
		}
		links = append(links, l)
	}
	return slices.Clip(links)
}
