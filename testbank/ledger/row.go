package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// Row is one transaction as the bank shows it. Dates are plain dates, the amount is exact and negative for a debit.
// A PENDING row has no booking date yet.
type Row struct {
	ID              string        `json:"id"`
	BookingDate     string        `json:"booking_date,omitempty"`
	ValueDate       string        `json:"value_date,omitempty"`
	TransactionDate string        `json:"transaction_date,omitempty"`
	Amount          string        `json:"amount"`
	Currency        string        `json:"currency"`
	Status          config.Status `json:"status"`
	Label           string        `json:"label"`
	Kind            string        `json:"kind"`
	Counterparty    string        `json:"counterparty,omitempty"`
	MCC             string        `json:"mcc,omitempty"`
}

// Date is the day by which the bank sorts and filters: of booking, or while pending of the purchase.
func (r Row) Date() string {
	if r.BookingDate != "" {
		return r.BookingDate
	}
	return r.TransactionDate
}

func day(t time.Time) string { return t.Format(time.DateOnly) }

func label(text string, on time.Time) string {
	if !strings.Contains(text, "{") { // making a replacer costs more than the rest of a row
		return text
	}
	return strings.NewReplacer("{day}", on.Format("02"), "{month}", on.Format("01"), "{year}", on.Format("2006")).Replace(text)
}

// rowID is stable over restarts, because nothing else than what names the row goes in.
func rowID(ref, name string, on time.Time) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "row\x00%s\x00%s\x00%s", ref, name, day(on)))
	return "TB" + strings.ToUpper(hex.EncodeToString(sum[:9]))
}
