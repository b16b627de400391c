package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// dailyRows is how many transactions there are on each day of a history. A
// longer history reaches further back; the newest days are the same.
const dailyRows = 100

// spread is a prime: it scatters the rows of a day over the table, as years of
// daily synchronizations would.
const spread = 7919

// seed fills an account up to so many rows, by copying one that was really
// ingested: every column is as the store writes it. Without indices, which are
// made anew at the end, a million rows take seconds.
func (b *bench) seed(ctx context.Context, db database, name string, rows int) error {
	pool, err := db.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(1)
	var there int
	if err := pool.QueryRowContext(ctx, "SELECT count(*) FROM transactions").Scan(&there); err != nil {
		return err
	}
	if err := execute(ctx, pool, db.hurry()...); err != nil {
		return err
	}
	indices, err := db.indices(ctx, pool)
	if err != nil {
		return err
	}
	for _, index := range indices {
		if err := execute(ctx, pool, "DROP INDEX "+strings.Fields(index)[2]); err != nil {
			return err
		}
	}
	if err := multiply(ctx, db, pool, rows-there); err != nil {
		return err
	}
	if err := execute(ctx, pool, indices...); err != nil {
		return err
	}
	return execute(ctx, pool, db.settled()...)
}

func multiply(ctx context.Context, db database, pool *sql.DB, rows int) error {
	columns, err := columnsOf(ctx, pool)
	if err != nil {
		return err
	}
	var values []string
	day := db.daysAgo(fmt.Sprintf("n.i * %d %% %d / %d", spread, rows, dailyRows))
	own := map[string]string{
		"id": "'txn_' || " + db.digits("n.i", 26), "bank_id": "'seed-' || n.i", "fingerprint": db.digits("n.i", 64),
		"effective_date": day, "booking_date": day, "value_date": day,
	}
	for _, column := range columns {
		value := "t." + column
		if made, ok := own[column]; ok {
			value = made
		}
		values = append(values, value)
	}
	return execute(ctx, pool, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT CAST(0 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < %d)
		INSERT INTO transactions (%s) SELECT %s FROM n CROSS JOIN (SELECT * FROM transactions LIMIT 1) AS t`,
		rows, strings.Join(columns, ", "), strings.Join(values, ", ")))
}

func columnsOf(ctx context.Context, pool *sql.DB) ([]string, error) {
	found, err := pool.QueryContext(ctx, "SELECT * FROM transactions LIMIT 0")
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	columns, err := found.Columns()
	return columns, errors.Join(err, found.Err())
}
