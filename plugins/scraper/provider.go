package main

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/engine"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// bundleVersion is the only version of states and secrets so far.
const bundleVersion = 1

// state is what a session needs to go on: its name in this process, and, where that is gone, what its visit left.
type state struct {
	Token string       `json:"token"`
	Left  *engine.Left `json:"left,omitempty"`
}

// provider serves the banks that have a recipe.
type provider struct {
	banks    map[string]engine.Config
	order    []string
	pool     *browser.Pool
	sessions *sessions
	now      func() time.Time
	bundles  string
	kept     time.Duration
}

// bank finds the recipe of a session.
func (p *provider) bank(s sdk.Session) (engine.Config, error) {
	c, known := p.banks[s.ProviderID]
	if !known || s.ChannelID != channelOf(s.ProviderID) {
		return c, sdk.Fail(sdk.NotSupported, errors.New("not a bank with a recipe"))
	}
	return c, nil
}

// Begin visits the bank and logs in.
func (p *provider) Begin(ctx context.Context, req sdk.BeginRequest) (sdk.Step, error) {
	c, err := p.bank(req.Session)
	if err != nil {
		return sdk.Step{}, err
	}
	o := engine.Opening{Credentials: req.Credentials, Attended: req.PSU != nil}
	if !req.Secrets.Empty() {
		o.Left = &engine.Left{}
		if err := req.Secrets.Unpack(bundleVersion, o.Left); err != nil {
			return sdk.Step{}, err
		}
	}
	h, asked, err := p.enter(ctx, c, o)
	if err != nil {
		return sdk.Step{}, err
	}
	return p.step(ctx, c, h, asked)
}

// enter opens a session and goes as far as it gets. What comes of it is held.
func (p *provider) enter(ctx context.Context, c engine.Config, o engine.Opening) (*held, *sdk.Challenge, error) {
	s, err := engine.Open(ctx, c, o)
	if err != nil {
		return nil, nil, err
	}
	asked, err := s.Enter(ctx)
	if err != nil {
		p.record(ctx, c, s, err, true)
		s.Close()
		return nil, nil, err
	}
	return p.sessions.hold(c.Recipe.Bank.ID, s, c.Recipe.Timeouts.UserWithin()), asked, nil
}

// step makes of a session what the server gets to know of it.
func (p *provider) step(ctx context.Context, c engine.Config, h *held, asked *sdk.Challenge) (sdk.Step, error) {
	_, release := p.sessions.take(h.bank, h.token)
	if release == nil {
		return sdk.Step{}, sdk.Fail(sdk.SessionLost, nil)
	}
	if h.asks = asked != nil; asked != nil {
		release(asked.ExpiresAt.Sub(p.now()))
		asked.State = sdk.Pack(bundleVersion, state{Token: h.token})
		return sdk.Step{Challenge: asked}, nil
	}
	defer release(c.Recipe.Timeouts.IdleWithin())
	left, err := h.Leave(ctx)
	if err != nil {
		return sdk.Step{}, err
	}
	return sdk.Step{Ready: &sdk.Ready{State: sdk.Pack(bundleVersion, state{h.token, &left}), Secrets: sdk.Pack(bundleVersion, left)}}, nil
}

// Continue answers what a page asks. The page is in this process, or nowhere.
func (p *provider) Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	c, err := p.bank(req.Session)
	if err != nil {
		return sdk.Step{}, err
	}
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return sdk.Step{}, err
	}
	h, release := p.sessions.take(c.Recipe.Bank.ID, at.Token)
	if h == nil {
		return sdk.Step{}, sdk.Fail(sdk.SessionLost, errors.New("the page is gone"))
	}
	asked, err := h.Continue(ctx, engine.Answer{Challenge: req.ChallengeID, Answers: req.Answers, Poll: req.Poll, Resend: req.Resend})
	release(c.Recipe.Timeouts.UserWithin())
	if req.Survives(err) {
		return sdk.Step{}, err
	}
	if err != nil {
		p.record(ctx, c, h.Session, err, true)
		p.sessions.drop(h)
		return sdk.Step{}, err
	}
	return p.step(ctx, c, h, asked)
}

// Fetch reads accounts and transactions.
func (p *provider) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	c, err := p.bank(req.Session)
	if err != nil {
		return err
	}
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return err
	}
	h, release := p.sessions.take(c.Recipe.Bank.ID, at.Token)
	if h == nil {
		if h, release, err = p.resume(ctx, c, at); err != nil {
			return err
		}
	}
	defer func() { release(c.Recipe.Timeouts.IdleWithin()) }()
	watched := &watching{Sink: sink, failed: func(failure *sdk.Failure) { p.record(ctx, c, h.Session, failure, false) }}
	if err = h.Fetch(ctx, req, watched); err != nil {
		p.record(ctx, c, h.Session, err, true)
	}
	return err
}

// resume opens a session anew with what it left, where the bank still knows it.
func (p *provider) resume(ctx context.Context, c engine.Config, at state) (*held, func(time.Duration), error) {
	if at.Left == nil {
		return nil, nil, sdk.Fail(sdk.SessionLost, errors.New("the page is gone"))
	}
	h, asked, err := p.enter(ctx, c, engine.Opening{Left: at.Left, Resumed: true})
	if err != nil {
		return nil, nil, err
	}
	if asked != nil {
		p.sessions.drop(h)
		return nil, nil, sdk.Fail(sdk.SessionLost, errors.New("the bank asks again"))
	}
	h, release := p.sessions.take(h.bank, h.token)
	if h == nil {
		return nil, nil, sdk.Fail(sdk.SessionLost, nil)
	}
	return h, release, nil
}

// farewell is how long a log-out may take.
const farewell = 8 * time.Second

// End logs out, where the session is still open. Twice is no failure.
func (p *provider) End(ctx context.Context, req sdk.EndRequest) error {
	c, err := p.bank(req.Session)
	if err != nil {
		return err
	}
	var at state
	if err := req.State.Unpack(bundleVersion, &at); err != nil {
		return err
	}
	h, release := p.sessions.take(c.Recipe.Bank.ID, at.Token)
	if h == nil {
		return nil
	}
	defer release(0)
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	h.LogOut(ctx)
	p.sessions.drop(h)
	return nil
}

// watching sees the first account that cannot be read, while its page is still there.
type watching struct {
	sdk.Sink
	failed func(*sdk.Failure)
	seen   bool
}

// Send implements sdk.Sink.
func (w *watching) Send(item sdk.Item) error {
	if failed, is := item.(sdk.AccountFailureItem); is && !w.seen {
		w.seen = true
		w.failed(&failed.Failure)
	}
	return w.Sink.Send(item)
}
