package category

import "github.com/tributary-dev/tributary/core/money"

// Engine is the source of what Assign says.
const Engine = "ENGINE"

// Fallbacks, where no rule knows better.
const (
	otherIncome   = "income.other"
	uncategorised = "other.uncategorised"
)

// Movement is what the rules look at. All but the amount may be empty; Type is
// one of the ledger's transaction types, as text.
type Movement struct {
	Amount       money.Amount
	Type         string
	Label        string
	Counterparty string
	// MerchantCode is the ISO 18245 merchant category code.
	MerchantCode string
}

// Assigned is a category, who says so, and how sure that is: above 0, at most 1.
type Assigned struct {
	ID         string
	Source     string
	Confidence float64
}

// Assign gives a movement its category. The first that knows wins:
//
//  1. the merchant code, which the card scheme assigned;
//  2. what the label says the movement is for (salary, rent, tax, fees);
//  3. a type that leaves no doubt (cash, own transfer, interest);
//  4. a merchant known by name;
//  5. a word that tells the trade (pharmacy, hotel);
//  6. a type that only hints;
//  7. the direction of the money.
//
// A refund keeps its merchant's category with a positive amount.
func Assign(m Movement) Assigned {
	text := fold(m.Label + " " + m.Counterparty)
	way := direction(m.Amount)
	if id, ok := byMerchantCode(m.MerchantCode); ok {
		return sure(id, 0.95)
	}
	if id, ok := purposes.find(text, way); ok {
		return sure(id, 0.9)
	}
	if id, ok := decisive[m.Type].toward(way); ok {
		return sure(id, 0.85)
	}
	if id, ok := merchants.find(text, way); ok {
		return sure(id, 0.85)
	}
	if id, ok := trades.find(text, way); ok {
		return sure(id, 0.65)
	}
	if id, ok := hints[m.Type].toward(way); ok {
		return sure(id, 0.4)
	}
	if way == in {
		return sure(otherIncome, 0.2)
	}
	return sure(uncategorised, 0.1)
}

func sure(id string, confidence float64) Assigned { return Assigned{id, Engine, confidence} }

// way is where the money goes: a rule for any of them has the zero value.
type way int

const (
	either way = iota
	out
	in
)

func direction(amount money.Amount) way {
	switch amount.Sign() {
	case -1:
		return out
	case 1:
		return in
	}
	return either
}

// pair is a category for money that leaves, and one for money that arrives.
type pair struct{ out, in string }

func (p pair) toward(w way) (string, bool) {
	id := p.out
	if w == in {
		id = p.in
	}
	return id, id != ""
}

// decisive types say by themselves what a movement is, whatever shop the cash
// machine stood in.
var decisive = map[string]pair{
	"ATM":               {"cash.withdrawal", "cash.deposit"},
	"INTERNAL_TRANSFER": {"transfers.internal", "transfers.internal"},
	"INTEREST":          {"finance.interest_paid", "income.interest"},
	"DIVIDEND":          {"", "income.dividends"},
	"FEE":               {"finance.fees", "finance.fees"},
	"CHECK":             {"cash.cheque", "cash.cheque"},
}

// hints are types that only suggest something when nothing else is known.
var hints = map[string]pair{
	"CREDIT_CARD_PAYMENT": {"transfers.card_settlement", "transfers.card_settlement"},
	"STANDING_ORDER":      {"transfers.person", "transfers.person"},
	"DEPOSIT":             {"", "cash.deposit"},
}
