package main

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// idleFor is how long the idle server is watched: figures are for a minute.
const idleFor = time.Minute

// schedule measures what a server costs that has nothing to do but to look whose
// turn it is, among a million connections, and beside it the same server with
// none. The database's own time is not in it where that is another process.
func (b *bench) schedule(ctx context.Context, db database) error {
	bare, err := b.idling(ctx, db, 0)
	if err != nil {
		return err
	}
	ours, err := b.idling(ctx, db, b.rows)
	if err != nil {
		return err
	}
	b.table.add(fmt.Sprintf("processor time of an idle server, %d connections", b.rows), ms(ours), ms(bare), "ms/min")
	return nil
}

func (b *bench) idling(ctx context.Context, db database, connections int) (time.Duration, error) {
	name := fmt.Sprintf("schedule%d", connections)
	s, err := b.start(ctx, db, name) // makes the schema
	if err != nil {
		return 0, err
	}
	token, err := s.token()
	if err != nil {
		return 0, err
	}
	var user struct{ ID string }
	err = s.call(ctx, token, http.MethodPost, "/v1/users", map[string]string{"external_id": "scheduled"}, &user)
	s.stop()
	if err != nil {
		return 0, err
	}
	b.say("writing %d connections to %s", connections, db.name())
	if err := b.plan(ctx, db, name, user.ID, connections); err != nil {
		return 0, err
	}
	if s, err = b.start(ctx, db, name); err != nil {
		return 0, err
	}
	defer s.stop()
	for _, pause := range []time.Duration{10 * time.Second, idleFor} { // the first is for what a start still does
		before := s.spent()
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(pause):
		}
		if pause == idleFor {
			return s.spent() - before, nil
		}
	}
	return 0, nil
}

// plan writes connections whose turns are spread over the day that begins in
// twelve hours: planned as they would be, and none due meanwhile.
func (b *bench) plan(ctx context.Context, db database, name, user string, connections int) error {
	pool, err := db.open(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = pool.Close() }()
	pool.SetMaxOpenConns(1)
	if err := execute(ctx, pool, db.hurry()...); err != nil {
		return err
	}
	first, numbers := time.Now().Add(12*time.Hour).UnixMicro(), fmt.Sprintf(
		"WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) WHERE %d > 0 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", connections, connections)
	next := fmt.Sprintf("%d + n.i * %d %% 86400 * 1000000", first, spread)
	err = execute(ctx, pool,
		numbers+fmt.Sprintf(`INSERT INTO connections (id, client_id, user_id, provider_id, name, status, auto_sync, created_at, last_synchronization_id, next_synchronization_at)
			SELECT 'con_' || %s, u.client_id, u.id, 'testbank', 'Bank', 'SUCCESS', %s, 0, '', %s FROM n CROSS JOIN (SELECT * FROM users WHERE id = '%s') AS u`,
			db.digits("n.i", 26), "TRUE", next, user),
		numbers+fmt.Sprintf(`INSERT INTO channels (connection_id, position, definition_id, type, status, last_outcome, url, consent_id, next_at)
			SELECT 'con_' || %s, 0, 'testbank-embedded', 'EMBEDDED', 'SUCCESS', 'SUCCESS', '', '', %s FROM n`, db.digits("n.i", 26), next))
	if err != nil {
		return err
	}
	return execute(ctx, pool, "ANALYZE")
}
