package load

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
)

// Round does all that clients and users do, many things at once, until it is
// through or nobody answers any more. On a new day users may sleep late: what is
// synchronized by itself is begun before they come.
func (p *Play) Round(ctx context.Context, newDay bool, late time.Duration) {
	if newDay {
		_ = p.advance(ctx) // what has no answer is kept; so with all below
	}
	select {
	case <-time.After(late):
	case <-ctx.Done():
	}
	var group sync.WaitGroup
	for _, u := range p.users {
		group.Go(func() {
			if p.synchronize(ctx, u, u.alone) == nil {
				_, _ = p.attend(ctx, u)
			}
		})
	}
	group.Go(func() { _ = p.correct(ctx, p.users[0]) })
	group.Go(func() { _ = p.comeAndGo(ctx) })
	group.Go(func() { _ = p.fail(ctx) })
	group.Go(func() { _ = p.grant(ctx) })
	group.Wait()
}

// advance moves the clock by more than a day: what was pending is booked soon, and what is synchronized by itself is due.
func (p *Play) advance(ctx context.Context) error {
	_, err := p.send(ctx, write{
		method: http.MethodPost, path: "/v1/sandbox/clock", body: map[string]string{"advance": "36h"},
		done: func(clock call.Thing) {
			p.Promises.Keep(func(all *check.Promises) {
				all.Offset = max(all.Offset, clock.Number("offset_seconds"))
				all.Offsets[clock.Number("offset_seconds")] = true
			})
		},
	})
	return err
}

// grant has a token that nobody needs.
func (p *Play) grant(ctx context.Context) error {
	_, err := p.server.Caller("").Grant(ctx, p.server.ClientID, p.server.ClientSecret, map[string][]string{"grant_type": {"client_credentials"}})
	return err
}

// comeAndGo is a user who connects a bank, deletes an account, cancels a run,
// deletes the connection and leaves, sooner or later.
func (p *Play) comeAndGo(ctx context.Context) error {
	u := &user{persona: passing}
	u.both = p.draw(2) == 0
	if err := p.arrive(ctx, u, u.password()); err != nil {
		return err
	}
	if p.draw(2) == 0 {
		if err := p.cancel(ctx, u); err != nil {
			return err
		}
	} else if _, err := p.attend(ctx, u); err != nil {
		return err
	}
	accounts, err := p.client.Every(ctx, "/v1/accounts?connection_id="+u.connection)
	if err != nil {
		return err
	}
	if len(accounts) == 2 {
		if err := p.deleteAccount(ctx, accounts[p.draw(2)].Text("id")); err != nil {
			return err
		}
	}
	if p.draw(3) == 0 {
		return nil // it stays
	}
	return p.depart(ctx, u)
}

// arrive is a new user with a connection.
func (p *Play) arrive(ctx context.Context, u *user, password string) error {
	if err := p.enrol(ctx, u); err != nil {
		return err
	}
	return p.connect(ctx, u, password, false)
}

func (p *Play) depart(ctx context.Context, u *user) error {
	if err := p.disconnect(ctx, u); err != nil {
		return err
	}
	return p.leave(ctx, u)
}

// cancel ends the run that is at work.
func (p *Play) cancel(ctx context.Context, u *user) error {
	c, err := p.client.Get(ctx, "/v1/connections/"+u.connection)
	if err != nil {
		return err
	}
	run := c.Text("last_synchronization_id")
	_, err = p.send(ctx, write{
		method: http.MethodPost, path: "/v1/synchronizations/" + run + "/cancel",
		done: func(call.Thing) { p.Promises.Keep(func(all *check.Promises) { all.Cancelled[run] = true }) },
	})
	if _, refused := errors.AsType[*call.Refused](err); refused {
		return nil // it was over
	}
	return err
}

func (p *Play) deleteAccount(ctx context.Context, id string) error {
	_, err := p.send(ctx, write{method: http.MethodDelete, path: "/v1/accounts/" + id, done: func(call.Thing) {
		p.Promises.Keep(func(all *check.Promises) { all.Accounts[id] = true })
	}})
	return err
}

func (p *Play) disconnect(ctx context.Context, u *user) error {
	_, err := p.send(ctx, write{method: http.MethodDelete, path: "/v1/connections/" + u.connection, done: func(call.Thing) {
		p.Promises.Keep(func(all *check.Promises) { all.Drop(u.connection) })
	}})
	return err
}

func (p *Play) leave(ctx context.Context, u *user) error {
	_, err := p.send(ctx, write{method: http.MethodDelete, path: "/v1/users/" + u.id, done: func(call.Thing) {
		p.Promises.Keep(func(all *check.Promises) {
			all.Users[u.id] = false
			for id, c := range all.Connections {
				if c.User == u.id {
					all.Drop(id)
				}
			}
		})
	}})
	return err
}

// fail is a user with a wrong password, who then leaves.
func (p *Play) fail(ctx context.Context) error {
	u := &user{persona: passing}
	if err := p.arrive(ctx, u, "wrong-pass1"); err != nil {
		return err
	}
	if _, err := p.attend(ctx, u); err != nil {
		return err
	}
	return p.depart(ctx, u)
}
