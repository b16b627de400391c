package check

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// visit is a call as the bank wrote it down.
type visit struct {
	call.Thing
	real time.Time
}

// access is a call as we wrote it down, on the clock that users see.
type access struct {
	operation string
	attended  bool
	at, end   time.Time
}

// calls compares the bank's own record with what we kept of each call: that a
// live consent covers it, and that what a bank counts is counted.
func (s Scene) calls(ctx context.Context, r *Report) error {
	visits, err := s.visits(ctx)
	if err != nil {
		return err
	}
	if err := s.agreed(ctx, r); err != nil {
		return err
	}
	for id, login := range s.alone() {
		var theirs []visit
		for _, v := range visits {
			if v.Text("login") == login {
				theirs = append(theirs, v)
			}
		}
		r.Visits += len(theirs)
		if err := s.covered(ctx, id, theirs, r); err != nil {
			return err
		}
		if err := s.counted(ctx, id, theirs, r); err != nil {
			return err
		}
	}
	return nil
}

// alone are the connections, with their log-ins, of which the bank knows no other
// one: whatever it was asked in that name this connection asked.
func (s Scene) alone() map[string]string {
	count, alone := map[string]int{}, map[string]string{}
	for _, c := range s.Promises.Connections {
		count[c.Login]++
	}
	for id, c := range s.Promises.Connections {
		if c.Kept && !c.Gone && count[c.Login] == 1 {
			alone[id] = c.Login
		}
	}
	return alone
}

func (s Scene) visits(ctx context.Context) (all []visit, err error) {
	things, err := s.Bank.Visits()
	if err != nil {
		return nil, err
	}
	for _, thing := range things {
		at, err := time.Parse(time.RFC3339Nano, thing.Text("real"))
		if err != nil {
			return nil, err
		}
		all = append(all, visit{thing, at})
	}
	clock, err := s.Client.Get(ctx, "/v1/sandbox/clock")
	s.Promises.Keep(func(p *Promises) { p.Offsets[clock.Number("offset_seconds")] = true })
	return all, err
}

// agreed asks the database for calls that no live consent covers, and for some
// that nobody will tell the end of.
func (s Scene) agreed(ctx context.Context, r *Report) error {
	err := s.each(ctx, `SELECT a.operation, a.connection_id, a.at FROM consent_accesses a JOIN consents c ON c.id = a.consent_id
		WHERE a.connection_id <> c.connection_id OR a.channel_definition <> c.channel_definition
		OR (a.operation <> 'REVOKE' AND (a.at < c.given_at OR a.at > c.ended_at OR a.at >= c.valid_until))`, func(cells []string) {
		add(&r.Calls, "%s of %s at %s was made, and no live consent covers it", cells[0], cells[1], instant(cells[2]))
	})
	if err != nil {
		return err
	}
	var open []string
	for deadline := time.Now().Add(closing); ; time.Sleep(200 * time.Millisecond) {
		open = nil
		err := s.each(ctx, `SELECT operation, connection_id, at FROM consent_accesses WHERE ended_at IS NULL`, func(cells []string) {
			open = append(open, fmt.Sprintf("%s of %s at %s has no end", cells[0], cells[1], instant(cells[2])))
		})
		if err != nil {
			return err
		}
		if len(open) == 0 || time.Now().After(deadline) {
			r.Calls = append(r.Calls, open...)
			return nil
		}
	}
}

// closing is how long it may take until it is found out that a caller was lost.
const closing = 15 * time.Second

// purposes are what we call what the bank is visited for.
var purposes = map[string][]string{
	"READ": {"FETCH"}, "LOG_IN": {"BEGIN"}, "ANSWER": {"CONTINUE"}, "RESEND": {"RESEND"}, "RENEW": {"REFRESH"},
}

// covered fails a call that the bank had and that we did not write down as going
// on just then. The bank's clock may be behind ours; so each time is compared as
// it was by any of the clock's offsets: they lie days apart.
func (s Scene) covered(ctx context.Context, connection string, visits []visit, r *Report) error {
	var accesses []access
	err := s.each(ctx, `SELECT operation, attended, at, coalesce(ended_at, at + 600000000) FROM consent_accesses WHERE connection_id = '`+connection+`'`, func(cells []string) {
		accesses = append(accesses, access{cells[0], isTrue(cells[1]), instant(cells[2]), instant(cells[3])})
	})
	if err != nil {
		return err
	}
	offsets := slices.Collect(maps.Keys(s.Promises.Offsets))
	for _, v := range visits {
		covers := func(a access) bool {
			if purpose := purposes[v.Text("what")]; purpose != nil && !slices.Contains(purpose, a.operation) {
				return false
			}
			if told := v.Text("what") == "READ"; told && a.attended != (v.Text("attended") == "true") {
				return false
			}
			return slices.ContainsFunc(offsets, func(offset int) bool {
				seen := v.real.Add(time.Duration(offset) * time.Second)
				return !seen.Before(a.at) && !seen.After(a.end)
			})
		}
		if !slices.ContainsFunc(accesses, covers) {
			add(&r.Calls, "%s of %s %s by %s at %s is in no access log", v.Text("what"), v.Text("scope"), v.Text("account"), connection, v.real)
		}
	}
	return nil
}

// instant is a time of the database.
func instant(cell string) time.Time {
	micros, _ := strconv.ParseInt(cell, 10, 64)
	return time.UnixMicro(micros).UTC()
}

// isTrue is a truth of either database.
func isTrue(cell string) bool { return cell == "1" || cell == "true" }
