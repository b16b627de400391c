package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"strings"
	"time"
)

// rawReaders is how many connections read at once, as many as the store has.
const rawReaders = 4

// bareAmount and bareRow are what the bare handler tells of a transaction: what
// the API tells, out of the same columns.
type (
	bareAmount struct {
		Amount   string `json:"amount"`
		Currency string `json:"currency"`
	}
	bareCategory struct {
		ID         string  `json:"id"`
		Source     string  `json:"source"`
		Confidence float64 `json:"confidence"`
	}
	bareRow struct {
		ID              string       `json:"id"`
		AccountID       string       `json:"account_id"`
		ConnectionID    string       `json:"connection_id"`
		UserID          string       `json:"user_id"`
		Amount          bareAmount   `json:"amount"`
		Status          string       `json:"status"`
		Type            string       `json:"type"`
		BookingDate     *string      `json:"booking_date"`
		ValueDate       *string      `json:"value_date"`
		TransactionDate *string      `json:"transaction_date"`
		EffectiveDate   string       `json:"effective_date"`
		FirstSeenAt     time.Time    `json:"first_seen_at"`
		UpdatedAt       time.Time    `json:"updated_at"`
		Label           string       `json:"label"`
		RawLabel        string       `json:"raw_label"`
		Merchant        string       `json:"merchant"`
		Category        bareCategory `json:"category"`
	}
)

const bareColumns = `id, account_id, connection_id, user_id, amount, currency, status, type, booking_date, value_date, transaction_date,
	effective_date, first_seen_at, updated_at, label, raw_label, merchant, category_id, category_source, category_confidence`

func (b *bench) rawPages(ctx context.Context, db database, name string, rows int) (figures, error) {
	bare, err := db.open(ctx, name)
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = bare.Close() }()
	bare.SetMaxOpenConns(rawReaders)
	bare.SetMaxIdleConns(rawReaders)
	clients, err := texts(ctx, bare, "SELECT client_id FROM transactions LIMIT 1")
	if err != nil {
		return figures{}, err
	}
	query := strings.Join([]string{
		"SELECT", bareColumns, "FROM transactions WHERE client_id =", db.parameter(1), "AND NOT removed AND effective_date <=", db.parameter(2),
		"ORDER BY effective_date DESC, id DESC LIMIT 100",
	}, " ")
	return b.answering(ctx, b.workers, func(ctx context.Context) ([]byte, error) {
		return barePage(ctx, bare, query, clients[0], randomDay(rows))
	})
}

func barePage(ctx context.Context, bare *sql.DB, query string, args ...any) ([]byte, error) {
	found, err := bare.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	var page struct {
		Data []bareRow `json:"data"`
	}
	for found.Next() {
		var r bareRow
		var seen, updated int64
		if err := found.Scan(&r.ID, &r.AccountID, &r.ConnectionID, &r.UserID, &r.Amount.Amount, &r.Amount.Currency, &r.Status, &r.Type,
			&r.BookingDate, &r.ValueDate, &r.TransactionDate, &r.EffectiveDate, &seen, &updated, &r.Label, &r.RawLabel, &r.Merchant,
			&r.Category.ID, &r.Category.Source, &r.Category.Confidence); err != nil {
			return nil, err
		}
		r.FirstSeenAt, r.UpdatedAt = time.UnixMicro(seen).UTC(), time.UnixMicro(updated).UTC()
		page.Data = append(page.Data, r)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(page)
}
