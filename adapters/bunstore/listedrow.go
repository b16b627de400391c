package bunstore

import (
	"database/sql"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// listedRow is a transaction as far as store.Listed tells it. A page has a
// hundred, so the columns go to their places without a look at types.
type listedRow struct {
	shown            transactionRow
	seenAt, updateAt sql.NullInt64
}

// listedColumns are in the order of targets.
const listedColumns = "id, client_id, user_id, connection_id, account_id, amount, currency, status, type, " +
	"coalesce(booking_date, ''), coalesce(value_date, ''), coalesce(transaction_date, ''), effective_date, first_seen_at, updated_at, " +
	"label, raw_label, merchant, category_id, category_source, category_confidence, coalesce(links, ''), given_label"

func (r *listedRow) targets() []any {
	s := &r.shown
	return []any{
		(*string)(&s.ID), (*string)(&s.ClientID), (*string)(&s.UserID), (*string)(&s.ConnectionID), (*string)(&s.AccountID),
		&s.Amount, &s.Currency, (*string)(&s.Status), (*string)(&s.Type),
		(*string)(&s.BookingDate), (*string)(&s.ValueDate), (*string)(&s.TransactionDate), (*string)(&s.EffectiveDate), &r.seenAt, &r.updateAt,
		&s.Label, &s.RawLabel, &s.Merchant, &s.CategoryID, &s.CategorySource, &s.CategoryConfidence, (*string)(&s.Links), &s.GivenLabel,
	}
}

func (r listedRow) domain() (ledger.Transaction, error) {
	r.shown.FirstSeenAt, r.shown.UpdatedAt = given(&r.seenAt), given(&r.updateAt)
	return r.shown.domain()
}

func (r listedRow) place() store.Key { return r.shown.place() }

// given is a number, or nil for NULL.
func given(n *sql.NullInt64) *int64 {
	if !n.Valid {
		return nil
	}
	return &n.Int64
}
