package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// Quiet waits until no run is at work any more and none is due, and answers what
// is asked.
func (p *Play) Quiet(ctx context.Context) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(2 * pause) {
		all, err := p.client.Every(ctx, "/v1/connections")
		if err != nil {
			return err
		}
		for _, c := range all {
			if _, err := p.attend(ctx, p.userOf(c)); err != nil {
				return err
			}
		}
		due, err := p.due(ctx, all)
		if err != nil || due == "" {
			return err
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s is due and not synchronized", due)
		}
	}
}

// due names a connection whose time has come, or is about to.
func (p *Play) due(ctx context.Context, all []call.Thing) (id string, err error) {
	clock, err := p.client.Get(ctx, "/v1/sandbox/clock")
	if err != nil {
		return "", err
	}
	now, err := time.Parse(time.RFC3339Nano, clock.Text("now"))
	for _, c := range all {
		at, none := time.Parse(time.RFC3339Nano, c.Text("next_synchronization_at"))
		if none == nil && at.Before(now.Add(30*time.Second)) {
			return c.Text("id"), nil
		}
	}
	return "", err
}

// userOf finds who a connection belongs to: the passing one unless it lasts.
func (p *Play) userOf(c call.Thing) *user {
	for _, u := range p.users {
		if u.connection == c.Text("id") || u.id == c.Text("user_id") {
			return u
		}
	}
	return &user{persona: passing, connection: c.Text("id")}
}

// Finish synchronizes each lasting connection once more, which has to succeed:
// what is held then has to be what the bank tells.
func (p *Play) Finish(ctx context.Context) error {
	return errors.Join(p.each(p.users, func(u *user) error { return p.finish(ctx, u) })...)
}

// patientUser is how often a user signs in again: a session that was under way
// may be lost with its process, or with its lease where the machine is busy; so
// may a renewed token that the bank gives only once.
const patientUser = 2

func (p *Play) finish(ctx context.Context, u *user) error {
	if err := p.settled(ctx, u); err != nil {
		return err
	}
	if _, err := p.attend(ctx, u); err != nil { // a connection that was made just now
		return err
	}
	for lost := 0; ; lost++ {
		if err := p.synchronize(ctx, u, false); err != nil {
			return fmt.Errorf("%s: %w", u.login, err)
		}
		run, err := p.attend(ctx, u)
		if err != nil || run.Text("status") == "SUCCESS" {
			return err
		}
		if lost == patientUser {
			return fmt.Errorf("%s: the last run is %v", u.login, run)
		}
		p.mu.Lock()
		p.Again++
		p.mu.Unlock()
	}
}

// settled makes sure that a lasting user has its connection: the call that was
// to make it may have been refused for good.
func (p *Play) settled(ctx context.Context, u *user) error {
	if u.connection != "" {
		return nil
	}
	if u.id == "" {
		if err := p.enrol(ctx, u); err != nil {
			return err
		}
	}
	return p.connect(ctx, u, u.password(), true)
}

// Back tells until the server answers with a token again; a killed database is
// found again after a moment.
func (p *Play) Back(ctx context.Context) error {
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pause) {
		var said call.Answer
		if said, err = p.client.Send(ctx, http.MethodGet, "/v1/sandbox/clock", nil, ""); err == nil && said.Status == http.StatusOK {
			return nil
		}
		if err == nil {
			err = fmt.Errorf("%d %s", said.Status, said.Body)
		}
	}
	return err
}
