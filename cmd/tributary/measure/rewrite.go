package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"time"
)

// batchRows is how many rows one statement writes, as the store does.
const batchRows = 500

// rewrite copies the transactions into an empty file with the same table and
// indices, with bare statements on the store's driver, and gives rows a second.
func (b *bench) rewrite(ctx context.Context) (float64, error) {
	source, err := sql.Open("sqlite", "file:"+filepath.Join(b.folder, "ingest", "tributary.db")+"?mode=ro")
	if err != nil {
		return 0, err
	}
	defer func() { _ = source.Close() }()
	schema, err := schemaOf(ctx, source)
	if err != nil {
		return 0, err
	}
	rows, columns, err := readAll(ctx, source)
	if err != nil {
		return 0, err
	}
	bare, err := b.raw("rewrite", schema)
	if err != nil {
		return 0, err
	}
	defer func() { _ = bare.db.Close() }()
	began := time.Now()
	if err := writeAll(ctx, bare.db, rows, columns); err != nil {
		return 0, err
	}
	return float64(len(rows)) / time.Since(began).Seconds(), nil
}

func schemaOf(ctx context.Context, db *sql.DB) (string, error) {
	found, err := db.QueryContext(ctx, `SELECT sql FROM sqlite_master WHERE tbl_name = 'transactions' AND sql IS NOT NULL ORDER BY type DESC`)
	if err != nil {
		return "", err
	}
	defer func() { _ = found.Close() }()
	var statements []string
	for found.Next() {
		var statement string
		if err := found.Scan(&statement); err != nil {
			return "", err
		}
		statements = append(statements, statement)
	}
	return strings.Join(statements, ";\n"), found.Err()
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
func writeAll(ctx context.Context, db *sql.DB, rows [][]any, columns int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	one := "(" + strings.TrimSuffix(strings.Repeat("?,", columns), ",") + ")"
	for len(rows) > 0 {
		part := rows[:min(batchRows, len(rows))]
		rows = rows[len(part):]
		values := make([]any, 0, len(part)*columns)
		for _, row := range part {
			values = append(values, row...)
		}
		statement := "INSERT INTO transactions VALUES " + strings.TrimSuffix(strings.Repeat(one+",", len(part)), ",")
		if _, err := tx.ExecContext(ctx, statement, values...); err != nil {
			return err
		}
	}
	return tx.Commit()
}
