package load

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// hands are how many things are done at once for many users.
const hands = 8

// each does something for all lasting users, a few at a time.
func (p *Play) each(users []*user, do func(*user) error) []error {
	todo, errs := make(chan *user), make(chan error, len(users))
	var group sync.WaitGroup
	for range hands {
		group.Go(func() {
			for u := range todo {
				errs <- do(u)
			}
		})
	}
	for _, u := range users {
		todo <- u
	}
	close(todo)
	group.Wait()
	close(errs)
	all := []error{}
	for err := range errs {
		all = append(all, err)
	}
	return all
}

// Crowd enrols many users with the same customer's log-in, and has each
// connection synchronized twice. What has no answer is sent again by Settle.
func (p *Play) Crowd(ctx context.Context, login string, count int) error {
	var who persona
	for _, l := range lasting {
		if l.login == login {
			who = l
		}
	}
	for range count {
		p.users = append(p.users, &user{persona: who})
	}
	p.each(p.users, func(u *user) error { return p.settled(ctx, u) })
	if err := p.idle(ctx); err != nil {
		return err
	}
	_ = p.Settle(ctx) // once more when nobody is killed any more
	p.each(p.users, func(u *user) error { return p.synchronize(ctx, u, false) })
	return p.idle(ctx)
}

// idle waits until no connection is at work, whoever answers meanwhile.
func (p *Play) idle(ctx context.Context) error {
	for deadline := time.Now().Add(10 * time.Minute); time.Now().Before(deadline); time.Sleep(4 * pause) {
		page, err := p.client.Get(ctx, "/v1/connections?status=RUNNING&limit=1")
		if err == nil && len(page.Things("data")) == 0 {
			return nil
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return fmt.Errorf("load: still at work")
}
