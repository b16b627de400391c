package ledger

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Evidence is why a row was taken for one that was known, strongest first.
type Evidence string

// Kinds of evidence; see Reconcile for the rules.
const (
	ByContent      Evidence = "CONTENT"
	ByBankIDSure   Evidence = "BANK_ID_AND_CONTENT"
	ByBooking      Evidence = "PENDING_BOOKED"
	ByBankIDAlone  Evidence = "BANK_ID"
	ByAmountAndDay Evidence = "AMOUNT_AND_DAY"
	ByAbsence      Evidence = "NOT_TOLD_ANY_MORE"
	ByDecision     Evidence = "DECISION"
)

// Layer is where a value comes from. A higher one hides those before it.
type Layer string

// Layers, lowest first (field note 14).
const (
	LayerRaw      Layer = "RAW"
	LayerProvider Layer = "PROVIDER"
	LayerEngine   Layer = "ENGINE"
	LayerRule     Layer = "RULE"
	LayerUser     Layer = "USER"
)

// Revision is one change of a row, as its history tells it.
type Revision struct {
	TransactionID ident.Transaction
	// Number counts a row's revisions from 1.
	Number   int
	At       time.Time
	Evidence Evidence
	// Synchronization is empty where a person changed the row.
	Synchronization ident.Synchronization
	Changes         []Change
	// RawBefore is what the bank had told until then, where that changed.
	RawBefore []byte
}

// Change is one field of a revision.
type Change struct {
	Field    string
	Layer    Layer
	From, To string
}

// revise makes the revision between two states of one row, and counts it.
func revise(before Transaction, after *Transaction, at time.Time, why Evidence) Revision {
	after.UpdatedAt, after.Revisions = at, before.Revisions+1
	revision := Revision{TransactionID: after.ID, Number: after.Revisions, At: at, Evidence: why, Changes: differences(before, *after)}
	if !slices.Equal(before.Raw, after.Raw) {
		revision.RawBefore = before.Raw
	}
	return revision
}

func differences(a, b Transaction) []Change {
	var changes []Change
	was, is := fieldsOf(a), fieldsOf(b)
	for i := range was {
		if was[i].value != is[i].value || was[i].layer != is[i].layer {
			changes = append(changes, Change{Field: was[i].name, Layer: is[i].layer, From: was[i].value, To: is[i].value})
		}
	}
	return changes
}

// field is one value that clients see.
type field struct {
	name  string
	layer Layer
	value string
}

func fieldsOf(t Transaction) []field {
	amount := ""
	if !t.Amount.IsZero() {
		amount = t.Amount.Decimal() + " " + t.Amount.Currency()
	}
	return []field{
		{"amount", LayerProvider, amount}, {"status", LayerProvider, string(t.Status)}, {"type", LayerProvider, string(t.Type)},
		{"booking_date", LayerProvider, string(t.BookingDate)}, {"value_date", LayerProvider, string(t.ValueDate)},
		{"transaction_date", LayerProvider, string(t.TransactionDate)}, {"effective_date", LayerEngine, string(t.EffectiveDate)},
		{"raw_label", LayerRaw, t.RawLabel}, {"counterparty", LayerProvider, t.Counterparty}, {"merchant_code", LayerProvider, t.MerchantCode},
		{"end_to_end_id", LayerProvider, t.EndToEndID}, {"merchant", LayerEngine, t.Merchant}, {"label", labelLayer(t), t.ShownLabel()},
		{"category", Layer(t.Category.Source), t.Category.ID}, {"links", LayerEngine, linksText(t.Links)}, {"removal", LayerEngine, string(t.Removal)},
		{"account_id", LayerEngine, string(t.AccountID)},
	}
}

func labelLayer(t Transaction) Layer {
	if t.GivenLabel != "" {
		return LayerUser
	}
	return LayerEngine
}

func linksText(links []Link) string {
	texts := make([]string, 0, len(links))
	for _, l := range links {
		texts = append(texts, fmt.Sprintf("%s %s", l.Type, l.TransactionID))
	}
	return strings.Join(texts, ", ")
}
