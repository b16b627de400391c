package check

import (
	"context"
	"database/sql"
	"fmt"
)

// state asks the database itself for what may never be, once all is at rest.
func (s Scene) state(ctx context.Context, r *Report) error {
	for complaint, query := range map[string]string{
		"run %s is not over: it is %s": `SELECT id, status FROM synchronizations WHERE status IN ('QUEUED', 'RUNNING', 'WAITING')`,
		"run %s is over and held":      `SELECT id FROM synchronizations WHERE lease_owner <> ''`,
		"challenge %s of a run that is over can be answered still": `SELECT c.id FROM challenges c JOIN synchronizations s ON s.id = c.synchronization_id
			WHERE c.state = 'OPEN' AND s.status NOT IN ('QUEUED', 'RUNNING', 'WAITING')`,
		"account %s of the bank is there %s times": `SELECT bank_id, count(*) FROM accounts WHERE bank_id <> '' AND NOT deleted
			GROUP BY connection_id, bank_id HAVING count(*) > 1`,
		"row %s of account %s is there more than once": `SELECT bank_id, account_id FROM transactions WHERE bank_id <> '' AND NOT removed
			GROUP BY account_id, bank_id HAVING count(*) > 1`,
		"connection %s is running and no run is": `SELECT id FROM connections WHERE status = 'RUNNING' AND NOT EXISTS
			(SELECT 1 FROM synchronizations s WHERE s.connection_id = connections.id AND s.status IN ('QUEUED', 'RUNNING', 'WAITING'))`,
		"the head of client %s is not its last event": `SELECT h.client_id FROM event_heads h WHERE h.seq <>
			(SELECT max(e.seq) FROM events e WHERE e.client_id = h.client_id)`,
		"the feed of client %s is ahead of its events": `SELECT f.client_id FROM feed f WHERE f.seq >
			(SELECT h.seq FROM event_heads h WHERE h.client_id = f.client_id)`,
	} {
		err := s.each(ctx, query, func(cells []string) {
			values := make([]any, len(cells))
			for i, cell := range cells {
				values[i] = cell
			}
			add(&r.Wrong, complaint, values...)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// each reads all lines of a query.
func (s Scene) each(ctx context.Context, query string, take func(cells []string)) error {
	rows, err := s.DB.QueryContext(ctx, query)
	if err != nil {
		return fmt.Errorf("%s: %w", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		cells, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			into[i] = &cells[i]
		}
		if err := rows.Scan(into...); err != nil {
			return err
		}
		texts := make([]string, len(cells))
		for i, cell := range cells {
			texts[i] = cell.String
		}
		take(texts)
	}
	return rows.Err()
}
