package check

import (
	"context"
	"errors"
	"net/http"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// promises looks for everything that was acknowledged.
func (s Scene) promises(ctx context.Context, r *Report) error {
	look := looking{s, ctx, r, nil}
	for id, there := range s.Promises.Users {
		look.is("/v1/users/"+id, there)
	}
	for id, c := range s.Promises.Connections {
		look.is("/v1/connections/"+id, !c.Gone && s.Promises.Users[c.User])
	}
	for id := range s.Promises.Accounts {
		look.is("/v1/accounts/"+id, false)
	}
	for id, connection := range s.Promises.Runs {
		if c := s.Promises.Connections[connection]; !c.Gone && s.Promises.Users[c.User] {
			run := look.is("/v1/synchronizations/"+id, true)
			if s.Promises.Cancelled[id] && run.Text("status") != "CANCELLED" {
				add(&r.Lost, "run %s was cancelled and is %s", id, run.Text("status"))
			}
		}
	}
	for id, label := range s.Promises.Labels {
		if row := look.is("/v1/transactions/"+id, true); row.Text("label") != label {
			add(&r.Lost, "%s is called %q, not %q", id, row.Text("label"), label)
		}
	}
	for id := range s.Promises.Removed {
		look.gone(id)
	}
	clock, err := s.Client.Get(ctx, "/v1/sandbox/clock")
	if err == nil && clock.Number("offset_seconds") < s.Promises.Offset {
		add(&r.Lost, "the clock is at %d, not %d", clock.Number("offset_seconds"), s.Promises.Offset)
	}
	return errors.Join(err, look.err, s.strangers(ctx, r))
}

// looking asks for one thing after the other until nobody answers.
type looking struct {
	Scene
	ctx context.Context //nolint:containedctx // it lives for one look
	r   *Report
	err error
}

// is fails what should be there and is not, and the other way round.
func (l *looking) is(path string, there bool) call.Thing {
	if l.err != nil {
		return nil
	}
	said, err := l.Client.Send(l.ctx, http.MethodGet, path, nil, "")
	switch {
	case err != nil:
		l.err = err
	case said.Status == http.StatusOK && !there:
		add(&l.r.Lost, "%s was deleted and is there", path)
	case said.Status == http.StatusNotFound && there:
		add(&l.r.Lost, "%s was acknowledged and is not there", path)
	case said.Status != http.StatusOK && said.Status != http.StatusNotFound:
		l.err = &call.Refused{Call: path, Answer: said}
	}
	thing, _ := said.Thing(path)
	return thing
}

// gone fails a row that a user took away and that is listed.
func (l *looking) gone(id string) {
	if l.Memory.copied[id] != nil {
		add(&l.r.Lost, "%s was taken away and is there", id)
	}
}

// strangers are connections and users that nobody was told of: a call had two
// effects.
func (s Scene) strangers(ctx context.Context, r *Report) error {
	users, err := s.Client.Every(ctx, "/v1/users")
	if err != nil {
		return err
	}
	for _, u := range users {
		if !s.Promises.Users[u.Text("id")] {
			add(&r.Doubled, "user %s is there, and nobody was told", u.Text("id"))
		}
	}
	connections, err := s.Client.Every(ctx, "/v1/connections")
	for _, c := range connections {
		if _, known := s.Promises.Connections[c.Text("id")]; !known {
			add(&r.Doubled, "connection %s is there, and nobody was told", c.Text("id"))
		}
	}
	return err
}
