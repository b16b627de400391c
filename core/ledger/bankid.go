package ledger

import (
	"slices"
	"strings"
)

// byBankID pairs what is left by the bank's id, where the content agrees. An
// answer in which an id moved from one known movement to another numbers by
// position, or uses ids again: then none of its ids is believed.
func (r *reconciliation) byBankID(agree func(Transaction, *candidate) bool) {
	if r.idsMoved() {
		return
	}
	left := map[string][]*entry{}
	for _, e := range r.live {
		if e.match == nil && e.before.BankID != "" {
			left[e.before.BankID] = append(left[e.before.BankID], e)
		}
	}
	for _, c := range r.rows {
		if c.match != nil || c.id == "" {
			continue
		}
		if e := only(left[c.id], func(e *entry) bool { return e.match == nil && agree(e.before, c) }); e != nil {
			pair(e, c)
		}
	}
}

// only gives the one entry that fits. Others may have had the same id: banks use
// those of rows that vanished again. What was merged into the one is no other.
func only(entries []*entry, fits func(*entry) bool) (found *entry) {
	for _, e := range entries {
		if !fits(e) {
			continue
		}
		if found != nil {
			return onlyLeading(entries, fits)
		}
		found = e
	}
	return found
}

func onlyLeading(entries []*entry, fits func(*entry) bool) *entry {
	fitting := leading(slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return !fits(e) }))
	if len(fitting) != 1 {
		return nil
	}
	return fitting[0]
}

func (r *reconciliation) idsMoved() bool {
	told := map[string]bool{}
	for _, c := range r.rows {
		told[strings.TrimSpace(c.BankID)] = true
	}
	for _, e := range r.live {
		id := e.before.BankID
		if e.match != nil && id != "" && e.match.id != "" && id != e.match.id && told[id] && !r.stays(id) {
			return true
		}
	}
	return false
}

// stays reports whether an id is told of the movement that had it before: a late
// answer may have given it to another row besides.
func (r *reconciliation) stays(id string) bool {
	c := r.told[id]
	return c != nil && c.match != nil && c.match.before.BankID == id
}

// believable says whether a row with a known id can be that movement: the same
// direction, within 10 days, and the same amount unless it was pending (a tip,
// a fuel authorisation). Without the amount the label has to speak for it; where
// both are pending and name another day of purchase, amount and label both, because
// that day stands while a purchase waits. A booked movement moves to another day
// only when its old day was looked at, and never becomes pending again.
func (r *reconciliation) believable(t Transaction, c *candidate) bool {
	if t.Amount.Currency() != c.Amount.Currency() || !within10(t, c) || (t.Amount.Sign() != c.Amount.Sign() && t.Amount.Sign() != 0) {
		return false
	}
	sameAmount, sameLabel := t.Amount.Equal(c.Amount), alike(t.RawLabel, c.Label)
	switch {
	case t.Status == Pending && c.Status == Pending && boughtOnAnotherDay(t, c):
		return sameAmount && sameLabel
	case t.Status == Pending:
		return sameAmount || sameLabel
	}
	sameDay, moved := accountingDay(rowOf(t)) == accountingDay(c.Row), r.Covered.reaches(t.EffectiveDate, r.Today) && sameLabel
	return c.Status != Pending && sameAmount && (sameDay || moved)
}

// certain asks for more than believable: amount and label both.
func (r *reconciliation) certain(t Transaction, c *candidate) bool {
	return r.believable(t, c) && t.Amount.Equal(c.Amount) && alike(t.RawLabel, c.Label)
}

// boughtOnAnotherDay reports whether a row names another day of purchase than a known one.
func boughtOnAnotherDay(t Transaction, c *candidate) bool {
	return t.TransactionDate != "" && c.TransactionDate != "" && t.TransactionDate != c.TransactionDate
}

func within10(t Transaction, c *candidate) bool { return near(t, c.Row, reachByID) }

// near compares the dates that two tellings share, else their first ones; days
// that are not known do not stand in the way.
func near(t Transaction, row Row, days int) bool {
	told := rowOf(t)
	if told.BookingDate != "" && row.BookingDate != "" && row.TransactionDate == "" {
		told.TransactionDate = "" // that of the pending row: a bank may forget it, or it was another's
	}
	distance, known := EffectiveDay(told, t.EffectiveDate).DaysTo(EffectiveDay(row, ""))
	return !known || (distance <= days && distance >= -days)
}

// alike labels name the same: each word of the shorter one that tells something
// stands in the longer one too. One word in common is not enough: under an id
// that counts rows, two bakeries are no one purchase with a tip.
func alike(a, b string) bool {
	if essence(a) == essence(b) {
		return true
	}
	short, long := wordsOf(a), wordsOf(b)
	if len(short) > len(long) {
		short, long = long, short
	}
	for word := range short {
		if !long[word] {
			return false
		}
	}
	return len(short) > 0
}

// wordsOf are the words of a label that tell something.
func wordsOf(label string) map[string]bool {
	words := map[string]bool{}
	for _, word := range strings.Fields(strings.ToLower(label)) {
		if word = essence(word); tells(word) {
			words[word] = true
		}
	}
	return words
}

// tells is false for numbers and for what banks write on every row.
func tells(word string) bool {
	return len(word) >= 3 && strings.Trim(word, "0123456789") != "" && !common[word]
}

var common = map[string]bool{
	"carte": true, "card": true, "paiement": true, "payment": true, "achat": true, "purchase": true, "prlv": true, "sepa": true, "virement": true,
	"vir": true, "inst": true, "transfer": true, "debit": true, "credit": true, "from": true, "the": true, "des": true, "les": true, "sur": true,
	"pour": true, "facture": true, "retrait": true, "paris": true, "london": true, "france": true,
}
