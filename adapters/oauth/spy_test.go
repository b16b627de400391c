package oauth_test

import (
	"context"
	"errors"
	"sync"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/store"
)

// tokenSpy is a store that remembers the tokens put into it and how often it
// was read.
type tokenSpy struct {
	store.Store
	mu    sync.Mutex
	puts  []store.Token
	views int
	// steps are what updates did to tokens that others may change at the same time.
	steps []string
	// pages, if any, is the size of the pages it gives of the list of clients.
	pages int
}

func (s *tokenSpy) View(ctx context.Context, fn func(store.Tx) error) error {
	s.mu.Lock()
	s.views++
	s.mu.Unlock()
	return s.Store.View(ctx, func(tx store.Tx) error { return fn(viewTx{spyTx{tx, s}}) })
}

func (s *tokenSpy) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	return s.Store.Update(ctx, fence, func(tx store.Tx) error {
		s.mu.Lock()
		s.steps = nil
		s.mu.Unlock()
		return fn(spyTx{tx, s})
	})
}

func (s *tokenSpy) all() []store.Token {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]store.Token(nil), s.puts...)
}

// last is the newest access token.
func (s *tokenSpy) last() store.Token {
	all := s.of(store.AccessToken)
	return all[len(all)-1]
}

// of are the puts of one kind, oldest first; the newest of a hash is how it is.
func (s *tokenSpy) of(kind string) (found []store.Token) {
	for _, t := range s.all() {
		if t.Kind == kind {
			found = append(found, t)
		}
	}
	return found
}

func (s *tokenSpy) reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.views
}

type spyTx struct {
	store.Tx
	spy *tokenSpy
}

func (t spyTx) Tokens() store.Tokens { return spyTokens{t.Tx.Tokens(), t.spy} }

// viewTx takes no steps.
type viewTx struct{ spyTx }

func (t viewTx) Tokens() store.Tokens { return t.Tx.Tokens() }

func (t spyTx) Clients() store.Clients { return spyClients{t.Tx.Clients(), t.spy} }

type spyClients struct {
	store.Clients
	spy *tokenSpy
}

func (c spyClients) List(ctx context.Context, page store.Page) (store.Slice[client.Client], error) {
	if c.spy.pages > 0 {
		page.Limit = c.spy.pages
	}
	return c.Clients.List(ctx, page)
}

type spyTokens struct {
	store.Tokens
	spy *tokenSpy
}

func (t spyTokens) Put(ctx context.Context, tokens ...store.Token) error {
	t.spy.mu.Lock()
	t.spy.puts = append(t.spy.puts, tokens...)
	t.spy.mu.Unlock()
	return t.Tokens.Put(ctx, tokens...)
}

func (t spyTokens) Get(ctx context.Context, hash string) (store.Token, error) {
	t.spy.step("get " + hash)
	return t.Tokens.Get(ctx, hash)
}

func (t spyTokens) RevokeFamily(ctx context.Context, family string) error {
	t.spy.step("revoke " + family)
	return t.Tokens.RevokeFamily(ctx, family)
}

func (s *tokenSpy) step(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = append(s.steps, what)
}

// failing is a store whose reads or writes fail.
type failing struct {
	store.Store
	view, update error
}

func (f failing) View(ctx context.Context, fn func(store.Tx) error) error {
	if f.view != nil {
		return f.view
	}
	return f.Store.View(ctx, fn)
}

func (f failing) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	if f.update != nil {
		return f.update
	}
	return f.Store.Update(ctx, fence, fn)
}

func (v vanishing) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	return v.Store.Update(ctx, fence, func(tx store.Tx) error {
		u, err := tx.Users().Get(ctx, store.Owner{Client: v.user.ClientID}, v.user.ID)
		if err != nil {
			return err
		}
		if err := tx.Users().Delete(ctx, u); err != nil {
			return err
		}
		return fn(tx)
	})
}

var errBroken = errors.New("disk on fire")

func (b brokenAfter) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	return b.Store.Update(ctx, fence, func(tx store.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return errBroken
	})
}
