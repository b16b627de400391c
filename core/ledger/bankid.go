package ledger

import "strings"

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
		if found := left[c.id]; c.match == nil && c.id != "" && len(found) == 1 && found[0].match == nil && agree(found[0].before, c) {
			pair(found[0], c)
		}
	}
}

func (r *reconciliation) idsMoved() bool {
	told := map[string]bool{}
	for _, c := range r.rows {
		told[strings.TrimSpace(c.BankID)] = true
	}
	for _, e := range r.live {
		if e.match != nil && e.before.BankID != "" && e.match.id != "" && e.before.BankID != e.match.id && told[e.before.BankID] {
			return true
		}
	}
	return false
}

// believable says whether a row with a known id can be that movement: the same
// direction, within 10 days, and the same amount unless it was pending (a tip,
// a fuel authorisation). Without the amount the label has to speak for it. A
// booked movement moves to another day only when its old day was looked at, and
// never becomes pending again.
func (r *reconciliation) believable(t Transaction, c *candidate) bool {
	if t.Amount.Currency() != c.Amount.Currency() || !within10(t, c) || (t.Amount.Sign() != c.Amount.Sign() && t.Amount.Sign() != 0) {
		return false
	}
	sameAmount, sameDay := t.Amount.Equal(c.Amount), accountingDay(rowOf(t)) == accountingDay(c.Row)
	if t.Status == Pending {
		return sameAmount || alike(t.RawLabel, c.Label)
	}
	moved := r.Covered.Covers(t.EffectiveDate) && alike(t.RawLabel, c.Label)
	return c.Status != Pending && sameAmount && (sameDay || moved)
}

// certain asks for more than believable: amount and label both.
func (r *reconciliation) certain(t Transaction, c *candidate) bool {
	return r.believable(t, c) && t.Amount.Equal(c.Amount) && alike(t.RawLabel, c.Label)
}

func within10(t Transaction, c *candidate) bool { return near(t, c.Row, reachByID) }

// near compares the dates that two tellings share, else their first ones; days
// that are not known do not stand in the way.
func near(t Transaction, row Row, days int) bool {
	distance, known := EffectiveDay(rowOf(t), t.EffectiveDate).DaysTo(EffectiveDay(row, ""))
	return !known || (distance <= days && distance >= -days)
}

// alike labels share a word that tells something.
func alike(a, b string) bool {
	if essence(a) == essence(b) {
		return true
	}
	words := map[string]bool{}
	for _, word := range strings.Fields(strings.ToLower(a)) {
		words[essence(word)] = true
	}
	for _, word := range strings.Fields(strings.ToLower(b)) {
		if word = essence(word); words[word] && tells(word) {
			return true
		}
	}
	return false
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
