package check

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// endings are the events that tell a run's end.
var endings = map[string]string{
	"SUCCESS": "synchronization.succeeded", "PARTIAL_SUCCESS": "synchronization.partial", "FAILED": "synchronization.failed",
	"CANCELLED": "synchronization.cancelled",
}

// log is a client's whole log, counted by what each event tells.
type log struct {
	told    map[string]int // by name and subject
	rows    map[string]int // by connection, as the events count them
	endings map[string]int // by run
}

// read takes the log and finds gaps and repetitions on the way.
func (s Scene) read(ctx context.Context, r *Report) (log, error) {
	all := log{told: map[string]int{}, rows: map[string]int{}, endings: map[string]int{}}
	ids, last := map[string]bool{}, 0
	for {
		page, err := s.Client.Get(ctx, fmt.Sprintf("/v1/events?limit=500&after=%d", last))
		if err != nil {
			return all, err
		}
		events := page.Things("data")
		if len(events) == 0 {
			return all, nil
		}
		for _, e := range events {
			if e.Number("seq") != last+1 {
				add(&r.Events, "after event %d comes %d", last, e.Number("seq"))
			}
			last = e.Number("seq")
			if ids[e.Text("id")] {
				add(&r.Events, "event %s is there twice", e.Text("id"))
			}
			ids[e.Text("id")] = true
			s.known(last, e, r)
			all.count(e)
			r.Facts++
		}
	}
}

// known compares with what a reader saw before: it may not change.
func (s Scene) known(seq int, e call.Thing, r *Report) {
	said := line(e.Text("id"), e.Text("name"), e.Text("connection_id"), fmt.Sprint(e["data"]))
	if before, seen := s.Memory.events[seq]; seen && before != said {
		add(&r.Events, "event %d is %s and was read as %s", seq, said, before)
	}
	if _, seen := s.Memory.events[seq]; !seen && seq > s.Memory.first() {
		add(&r.Events, "event %d %s never came through the queue", seq, e.Text("name"))
	}
}

func (l log) count(e call.Thing) {
	name, connection, data := e.Text("name"), e.Text("connection_id"), e.In("data")
	n := data.Number("count")
	switch name {
	case "transactions.added":
		l.rows[connection] += n
	case "transactions.removed":
		l.rows[connection] -= n
	case "user.created", "user.deleted":
		l.told[name+" "+e.Text("user_id")]++
	case "connection.created", "connection.deleted":
		l.told[name+" "+connection]++
	case "synchronization.challenge_required":
		l.told[name+" "+data.Text("challenge_id")]++
	case "accounts.deleted":
		l.told[name+" "+data.Text("account_id")]++
	case "synchronization.started", "synchronization.succeeded", "synchronization.partial", "synchronization.failed", "synchronization.cancelled":
		l.told[name+" "+data.Text("synchronization_id")]++
		if name != "synchronization.started" {
			l.endings[data.Text("synchronization_id")]++
		}
	}
}

// events checks that each change of state was told, once.
func (s Scene) events(ctx context.Context, r *Report) error {
	all, err := s.read(ctx, r)
	if err != nil {
		return err
	}
	once := func(subject string) {
		if n := all.told[subject]; n != 1 {
			add(&r.Events, "%s was told %d times", subject, n)
		}
	}
	for id, there := range s.Promises.Users {
		once("user.created " + id)
		if !there {
			once("user.deleted " + id)
		}
	}
	for id, c := range s.Promises.Connections {
		once("connection.created " + id)
		if c.Gone {
			once("connection.deleted " + id)
		}
	}
	for id := range s.Promises.Accounts {
		once("accounts.deleted " + id)
	}
	return s.toldOfRows(ctx, all, once, r)
}

// toldOfRows goes by the rows of the database: what is there was told.
func (s Scene) toldOfRows(ctx context.Context, all log, once func(string), r *Report) error {
	err := s.each(ctx, `SELECT id, status FROM synchronizations`, func(cells []string) {
		id, ending := cells[0], endings[cells[1]]
		if ending != "" {
			once(ending + " " + id)
			if n := all.endings[id]; n != 1 {
				add(&r.Events, "%d ends of run %s were told", n, id)
			}
		}
	})
	if err != nil {
		return err
	}
	err = s.each(ctx, `SELECT id FROM synchronizations WHERE started_at IS NOT NULL`, func(cells []string) { once("synchronization.started " + cells[0]) })
	if err != nil {
		return err
	}
	err = s.each(ctx, `SELECT id FROM challenges`, func(cells []string) { once("synchronization.challenge_required " + cells[0]) })
	if err != nil {
		return err
	}
	count := map[string]int{}
	err = s.each(ctx, `SELECT connection_id, count(*) FROM transactions WHERE NOT removed GROUP BY connection_id`, func(cells []string) {
		count[cells[0]], _ = strconv.Atoi(cells[1])
	})
	for id, c := range s.Promises.Connections {
		if c.Kept && !c.Gone && all.rows[id] != count[id] {
			add(&r.Events, "the events count %d rows of %s, there are %d", all.rows[id], id, count[id])
		}
	}
	return err
}
