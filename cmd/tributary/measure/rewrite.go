package main

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// batchRows is how many rows one statement writes, as the store does.
const batchRows = 500

// written is what was written bare, and how long that took.
type written struct {
	rows int
	took time.Duration
}

// rewrite copies the transactions of a database into an empty table with the
// same columns and indices, with bare statements on the store's driver.
func (b *bench) rewrite(ctx context.Context, db database, name string) (done written, err error) {
	bare, err := db.open(ctx, name)
	if err != nil {
		return done, err
	}
	defer func() { _ = bare.Close() }()
	statements, err := db.copied(ctx, bare)
	if err != nil {
		return done, err
	}
	if err := execute(ctx, bare, statements...); err != nil {
		return done, err
	}
	rows, columns, err := readAll(ctx, bare)
	if err != nil {
		return done, err
	}
	began := time.Now()
	err = writeAll(ctx, db, bare, rows, columns)
	return written{len(rows), time.Since(began)}, err
}

func readAll(ctx context.Context, db *sql.DB) (rows [][]any, columns int, err error) {
	found, err := db.QueryContext(ctx, `SELECT * FROM transactions`)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = found.Close() }()
	names, err := found.Columns()
	if err != nil {
		return nil, 0, err
	}
	for found.Next() {
		row, into := make([]any, len(names)), make([]any, len(names))
		for i := range row {
			into[i] = &row[i]
		}
		if err := found.Scan(into...); err != nil {
			return nil, 0, err
		}
		rows = append(rows, row)
	}
	return rows, len(names), found.Err()
}

// writeAll writes everything in one transaction, as a synchronization does.
func writeAll(ctx context.Context, db database, bare *sql.DB, rows [][]any, columns int) error {
	tx, err := bare.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	for len(rows) > 0 {
		part := rows[:min(batchRows, len(rows))]
		rows = rows[len(part):]
		values := make([]any, 0, len(part)*columns)
		for _, row := range part {
			values = append(values, row...)
		}
		if _, err := tx.ExecContext(ctx, upsert(db, len(part), columns), values...); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func upsert(db database, rows, columns int) string {
	var s strings.Builder
	s.WriteString("INSERT INTO rewritten VALUES ")
	for n := range rows * columns {
		switch {
		case n == 0:
			s.WriteString("(")
		case n%columns == 0:
			s.WriteString("), (")
		default:
			s.WriteString(", ")
		}
		s.WriteString(db.parameter(n + 1))
	}
	s.WriteString(") ON CONFLICT (id) DO UPDATE SET label = excluded.label")
	return s.String()
}
