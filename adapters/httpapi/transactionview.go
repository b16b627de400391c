package httpapi

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/ledger"
)

type transactionView struct {
	ID              string                   `json:"id" example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The transaction's id: ours, and never changed."`
	AccountID       string                   `json:"account_id" example:"acc_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The account that it moves."`
	ConnectionID    string                   `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Where it was read."`
	UserID          string                   `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose account that is."`
	Amount          amountView               `json:"amount" doc:"A debit is negative, on every type of account."`
	Status          string                   `json:"status" enum:"PENDING,BOOKED,OTHER,EXPIRED,REJECTED,CANCELLED,REFUNDED" doc:"Where it stands."`
	Type            *string                  `json:"type" example:"POINT_OF_SALE" doc:"What kind of movement it is; null where it is not known."`
	BookingDate     *string                  `json:"booking_date" format:"date" example:"2026-03-02" doc:"When the bank booked it."`
	ValueDate       *string                  `json:"value_date" format:"date" example:"2026-03-03" doc:"From when it counts for interest."`
	TransactionDate *string                  `json:"transaction_date" format:"date" example:"2026-03-01" doc:"When the user acted."`
	EffectiveDate   string                   `json:"effective_date" format:"date" example:"2026-03-01" doc:"The one date to sort by: transaction_date, else booking_date, else value_date, else the day we first saw it."`
	FirstSeenAt     time.Time                `json:"first_seen_at" doc:"When we first saw it."`
	UpdatedAt       time.Time                `json:"updated_at" doc:"When it last changed."`
	Label           string                   `json:"label" example:"Bakery Martin" doc:"A label to show."`
	RawLabel        string                   `json:"raw_label" example:"CB BOULANGERIE MARTIN 01/03" doc:"What the bank wrote."`
	Merchant        *string                  `json:"merchant" example:"Bakery Martin" doc:"Who was paid, where it is known."`
	Category        *transactionCategoryView `json:"category" doc:"What it was for."`
	Links           []linkView               `json:"links" doc:"How it is related to other transactions."`
}

type transactionCategoryView struct {
	_          struct{} `nullable:"true"`
	ID         string   `json:"id" example:"food.groceries" doc:"The category's id."`
	Source     string   `json:"source" enum:"ENGINE,PROVIDER,RULE,USER" doc:"Who says so."`
	Confidence float64  `json:"confidence" minimum:"0" maximum:"1" example:"0.9" doc:"How sure that is."`
}

type linkView struct {
	Type          string  `json:"type" example:"refund_of" doc:"What the relation is."`
	TransactionID string  `json:"transaction_id" example:"txn_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The other transaction."`
	Confidence    float64 `json:"confidence" minimum:"0" maximum:"1" example:"1" doc:"How sure that is."`
}

func showTransaction(t ledger.Transaction) transactionView {
	return transactionView{
		ID: string(t.ID), AccountID: string(t.AccountID), ConnectionID: string(t.ConnectionID), UserID: string(t.UserID),
		Amount: amount(t.Amount), Status: string(t.Status), Type: known(t.Type), BookingDate: known(t.BookingDate),
		ValueDate: known(t.ValueDate), TransactionDate: known(t.TransactionDate), EffectiveDate: string(t.EffectiveDate),
		FirstSeenAt: instant(t.FirstSeenAt), UpdatedAt: instant(t.UpdatedAt), Label: t.ShownLabel(), RawLabel: t.RawLabel,
		Merchant: known(t.Merchant), Category: showAssigned(t.Category), Links: each(shownLinks(t.Links), showLink),
	}
}

func showAssigned(c ledger.Category) *transactionCategoryView {
	if c.ID == "" {
		return nil
	}
	return &transactionCategoryView{ID: c.ID, Source: c.Source, Confidence: c.Confidence}
}

// shownLinks leaves out what is remembered only to be recognised.
func shownLinks(links []ledger.Link) []ledger.Link {
	return slices.DeleteFunc(slices.Clone(links), func(l ledger.Link) bool { return l.Type == ledger.NotDuplicateOf })
}

func showLink(l ledger.Link) linkView {
	return linkView{Type: string(l.Type), TransactionID: string(l.TransactionID), Confidence: l.Confidence}
}
