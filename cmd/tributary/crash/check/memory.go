package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// Memory is a client's application, which nobody kills: it reads a queue and
// follows the transactions, and finds out when it is told two things.
type Memory struct {
	mu     sync.Mutex
	caller call.Caller
	queue  string
	acked  int
	events map[int]string
	copied map[string]call.Thing
	gone   map[string]bool
	cursor string
	wrong  Report
}

// Remember begins with a queue before anything happens.
func Remember(ctx context.Context, caller call.Caller) (*Memory, error) {
	made, err := caller.Post(ctx, "/v1/queues", map[string]any{})
	return &Memory{
		caller: caller, queue: made.Text("id"), events: map[int]string{}, copied: map[string]call.Thing{}, gone: map[string]bool{},
	}, err
}

// Read takes over what is new, as long as somebody answers.
func (m *Memory) Read(ctx context.Context) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for {
		more, err := m.page(ctx)
		if err != nil {
			return err
		}
		if !more {
			break
		}
	}
	for {
		more, err := m.change(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// page reads events and acknowledges them. What was acknowledged may not come
// again; what comes again has to be the same.
func (m *Memory) page(ctx context.Context) (more bool, err error) {
	page, err := m.caller.Get(ctx, "/v1/queues/"+m.queue+"/events?limit=500")
	if err != nil {
		return false, err
	}
	last := 0
	for _, e := range page.Things("data") {
		seq, said := e.Number("seq"), line(e.Text("id"), e.Text("name"), e.Text("connection_id"), fmt.Sprint(e["data"]))
		if seq <= m.acked {
			add(&m.wrong.Events, "event %d was acknowledged and came again", seq)
		}
		if before, known := m.events[seq]; known && before != said {
			add(&m.wrong.Events, "event %d is %s and was %s", seq, said, before)
		}
		m.events[seq], last = said, seq
	}
	if last == 0 {
		return false, nil
	}
	said, err := m.caller.Send(ctx, http.MethodPost, "/v1/queues/"+m.queue+"/ack", map[string]any{"seq": last}, "")
	if err == nil && said.Status < http.StatusMultipleChoices {
		m.acked = last
	}
	return err == nil, err
}

// change takes a page of the feed over.
func (m *Memory) change(ctx context.Context) (more bool, err error) {
	page, err := m.caller.Get(ctx, "/v1/transactions/sync?limit=500&cursor="+url.QueryEscape(m.cursor))
	var refused *call.Refused
	if errors.As(err, &refused) && refused.Answer.Status == http.StatusUnprocessableEntity && m.cursor != "" {
		add(&m.wrong.Lost, "the cursor that was given out is not known any more")
		m.cursor, m.copied = "", map[string]call.Thing{}
		return true, nil
	}
	if err != nil {
		return false, err
	}
	m.fold(page)
	m.cursor = page.Text("next_cursor")
	return page["has_more"] == true, nil
}

func (m *Memory) fold(page call.Thing) {
	for _, row := range append(page.Things("added"), page.Things("modified")...) {
		id := row.Text("id")
		if m.gone[id] {
			add(&m.wrong.Doubled, "%s was removed and came again", id)
		}
		m.copied[id] = row
	}
	for _, row := range page.Things("removed") {
		id := row.Text("id")
		delete(m.copied, id)
		m.gone[id] = true
	}
}

// Follow reads to the end and tells what was wrong on the way.
func (m *Memory) Follow(ctx context.Context, r *Report) error {
	if err := m.Read(ctx); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	r.Add(m.wrong)
	m.wrong = Report{}
	return nil
}

// first is the number before which the queue was not there yet.
func (m *Memory) first() int {
	first := 0
	for seq := range m.events {
		if first == 0 || seq < first {
			first = seq
		}
	}
	return first
}
