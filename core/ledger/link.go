package ledger

import (
	"slices"

	"github.com/tributary-dev/tributary/core/ident"
)

// Link relates a movement to another one. Confidence is 1 where a person or a
// rule without exception says so.
type Link struct {
	Type          LinkType
	TransactionID ident.Transaction
	Confidence    float64
}

// LinkType is how two movements are related.
type LinkType string

// Types of link.
const (
	// Supersedes leads from a row that came back to the id that was removed.
	Supersedes LinkType = "supersedes"
	// DuplicateCandidate leads to a row that may be the same movement.
	DuplicateCandidate LinkType = "duplicate_candidate"
	// PendingOf leads from a booked row to the pending one that it took the place of.
	PendingOf LinkType = "pending_of"
	// DuplicateOf joins a row with one that was merged into it, in both directions.
	DuplicateOf LinkType = "duplicate_of"
	// TransferPair joins the two sides of a transfer between a user's accounts.
	TransferPair LinkType = "transfer_pair"
	// NotDuplicateOf remembers that a person told two rows apart.
	NotDuplicateOf LinkType = "not_duplicate_of"
)

// LinkTypes lists them.
func LinkTypes() []LinkType {
	return []LinkType{Supersedes, DuplicateCandidate, PendingOf, DuplicateOf, TransferPair, NotDuplicateOf}
}

// InDoubt reports whether a row may be the same movement as another one.
func (t Transaction) InDoubt() bool {
	return slices.ContainsFunc(t.Links, func(l Link) bool { return l.Type == DuplicateCandidate })
}

// Linked reports whether a link of a type leads to a row.
func (t Transaction) Linked(kind LinkType, to ident.Transaction) bool {
	return slices.ContainsFunc(t.Links, func(l Link) bool { return l.Type == kind && l.TransactionID == to })
}

// relink gives a row a link and takes away what it replaces: the list is made
// anew, because copies of the row share the old one.
func (t *Transaction) relink(link Link, instead ...LinkType) {
	t.unlink(link.TransactionID, append(instead, link.Type)...)
	t.Links = append(t.Links, link)
}

func (t *Transaction) unlink(to ident.Transaction, kinds ...LinkType) {
	var kept []Link
	for _, l := range t.Links {
		if l.TransactionID != to || !slices.Contains(kinds, l.Type) {
			kept = append(kept, l)
		}
	}
	t.Links = kept
}
