package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// polls measures how many polls a second a queue takes that has few events waiting, and
// one with months of backlog: at its beginning, of a kind of event that there is
// not, and meanwhile of another queue that has nothing waiting. What a poll costs must
// not grow with the log. The raw limit is a bare handler with the same query.
func (b *bench) polls(ctx context.Context, db database) error {
	few, err := b.polled(ctx, db, fewRows)
	if err != nil {
		return err
	}
	rows := max(b.rows, 2*fewRows)
	many, err := b.polled(ctx, db, rows)
	if err != nil {
		return err
	}
	for _, what := range []string{"100 events", "of a kind that is not there", "at the end"} {
		b.table.add(fmt.Sprintf("polls, %s, log of %d", what, fewRows), few.ours[what].rate, few.bare.rate, "/s")
		b.table.add(fmt.Sprintf("polls, %s, log of %d", what, rows), many.ours[what].rate, many.bare.rate, "/s")
		b.table.add(fmt.Sprintf("polls, %s, p99, %d events beside %d", what, rows, fewRows), ms(many.ours[what].p99), ms(few.ours[what].p99), "ms")
	}
	return nil
}

type polling struct {
	ours map[string]figures
	bare figures
}

// polled makes a log of so many events, and measures with it.
func (b *bench) polled(ctx context.Context, db database, events int) (p polling, err error) {
	name := "polls" + strconv.Itoa(events)
	s, err := b.start(ctx, db, name)
	if err != nil {
		return p, err
	}
	token, err := s.token()
	if err != nil {
		return p, err
	}
	h := hooked{server: s, token: token}
	if err := h.event(ctx, 0); err != nil {
		return p, err
	}
	paths := map[string]string{}
	for what, body := range map[string]any{"100 events": struct{}{}, "of a kind that is not there": map[string][]string{"types": {"webhook.disabled", "user.deleted"}}} {
		var queue struct{ ID string }
		if err := h.call(ctx, token, http.MethodPost, "/v1/queues", body, &queue); err != nil {
			return p, err
		}
		paths[what] = "/v1/queues/" + queue.ID + "/events?limit=100"
	}
	s.stop()
	b.say("writing %d events to %s", events, db.name())
	if err := b.backlog(ctx, db, name, events); err != nil {
		return p, err
	}
	paths["at the end"] = strings.Replace(paths["100 events"], "?", fmt.Sprintf("?after=%d&", events+1), 1)
	if h.server, err = b.start(ctx, db, name); err != nil {
		return p, err
	}
	defer h.stop()
	b.say("polling a log of %d events on %s", events, db.name())
	p.ours = map[string]figures{}
	for what, path := range paths {
		if p.ours[what], err = b.load(ctx, b.workers, func() (*http.Request, error) {
			r, err := http.NewRequest(http.MethodGet, h.BaseURL+path, nil)
			if err == nil {
				r.Header.Set("Authorization", "Bearer "+token)
			}
			return r, err
		}); err != nil {
			return p, err
		}
	}
	p.bare, err = b.rawPolls(ctx, db, name)
	return p, err
}

// bareEvent is what a bare handler tells of an event.
type bareEvent struct {
	Seq          int64           `json:"seq"`
	ID           string          `json:"id"`
	Name         string          `json:"name"`
	Version      int             `json:"version"`
	OccurredAt   time.Time       `json:"occurred_at"`
	UserID       string          `json:"user_id"`
	ConnectionID string          `json:"connection_id"`
	Data         json.RawMessage `json:"data"`
}

func (b *bench) rawPolls(ctx context.Context, db database, name string) (figures, error) {
	bare, err := db.open(ctx, name)
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = bare.Close() }()
	bare.SetMaxOpenConns(rawReaders)
	bare.SetMaxIdleConns(rawReaders)
	clients, err := texts(ctx, bare, "SELECT client_id FROM event_heads LIMIT 1")
	if err != nil {
		return figures{}, err
	}
	query := "SELECT seq, id, name, version, occurred_at, user_id, connection_id, data FROM events WHERE client_id = " + db.parameter(1) +
		" AND seq > " + db.parameter(2) + " ORDER BY seq LIMIT 100"
	return b.answering(ctx, b.workers, func(ctx context.Context) ([]byte, error) { return barePoll(ctx, bare, query, clients[0], 1) })
}

func barePoll(ctx context.Context, bare *sql.DB, query string, args ...any) ([]byte, error) {
	found, err := bare.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = found.Close() }()
	var page struct {
		Data []bareEvent `json:"data"`
	}
	for found.Next() {
		var e bareEvent
		var at int64
		var data sql.NullString
		if err := found.Scan(&e.Seq, &e.ID, &e.Name, &e.Version, &at, &e.UserID, &e.ConnectionID, &data); err != nil {
			return nil, err
		}
		e.OccurredAt = time.UnixMicro(at).UTC()
		if e.Data = json.RawMessage(`{}`); data.Valid {
			e.Data = json.RawMessage(data.String)
		}
		page.Data = append(page.Data, e)
	}
	if err := found.Err(); err != nil {
		return nil, err
	}
	return json.Marshal(page)
}
