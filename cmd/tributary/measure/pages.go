package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"time"
)

// pages measures GET /v1/transactions, 100 rows from a random day of the
// busy customer's; the raw limit is a bare handler with the bare query on the
// same driver.
func (b *bench) pages(ctx context.Context) error {
	config, err := b.bank()
	if err != nil {
		return err
	}
	s, err := b.start("ingest", "--testbank-config", config)
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.token()
	if err != nil {
		return err
	}
	ours, err := b.load(ctx, func(int, int) (*http.Request, error) {
		req, err := http.NewRequest(http.MethodGet, s.BaseURL+"/v1/transactions?limit=100&to="+randomDay(), nil)
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+token)
		}
		return req, err
	})
	if err != nil {
		return err
	}
	bare, err := b.rawPages(ctx)
	if err != nil {
		return err
	}
	b.row(fmt.Sprintf("pages of 100 from %d", b.rows), ours.rate, bare.rate, "/s")
	b.row("pages, p99", ms(ours.p99), ms(bare.p99), "ms")
	return nil
}

func randomDay() string {
	return time.Now().AddDate(0, 0, -rand.IntN(ruleDays-30)).Format(time.DateOnly)
}

func (b *bench) rawPages(ctx context.Context) (figures, error) {
	r, err := b.raw(filepath.Join("ingest", "tributary"), "SELECT 1")
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = r.db.Close() }()
	r.db.SetMaxOpenConns(4) // readers, as many as the store has
	server := rawServer(func(ctx context.Context) ([]byte, error) { return r.page(ctx) })
	defer server.Close()
	return b.load(ctx, func(int, int) (*http.Request, error) { return http.NewRequest(http.MethodGet, server.URL, nil) })
}

// bareRow is what the bare handler tells of a transaction.
type bareRow struct {
	ID, Amount, Currency, Status, Type, Day, Label, RawLabel, Category string
}

func (r *raw) page(ctx context.Context) ([]byte, error) {
	found, err := r.db.QueryContext(ctx, `SELECT id, amount, currency, status, type, effective_date, label, raw_label, category_id
		FROM transactions WHERE client_id = (SELECT id FROM clients LIMIT 1) AND removed = 0 AND effective_date <= ?
		ORDER BY effective_date DESC, id DESC LIMIT 100`, randomDay())
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	var rows []bareRow
	for found.Next() {
		var row bareRow
		if err := found.Scan(&row.ID, &row.Amount, &row.Currency, &row.Status, &row.Type, &row.Day, &row.Label, &row.RawLabel, &row.Category); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(rows)
}
