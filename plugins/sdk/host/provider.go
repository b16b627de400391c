package host

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// caller is the plugin seen from the server.
type caller struct{ p *Process }

// Describe implements sdk.Provider.
func (c caller) Describe(ctx context.Context) (d sdk.Description, err error) {
	err = c.p.call(ctx, "", func() error {
		answer, err := c.p.rpc.Describe(ctx, &wire.DescribeRequest{Trace: sdk.Trace(ctx)})
		if err != nil {
			return err
		}
		d = answer.GetDescription().SDK()
		return breach(contract.Description(d))
	})
	return d, err
}

// Begin implements sdk.Provider. A challenge made with nobody there is the
// plugin's mistake, and comes out as the failure it should have been.
func (c caller) Begin(ctx context.Context, req sdk.BeginRequest) (step sdk.Step, err error) {
	m := wire.BeginRequestOf(req)
	m.Trace = sdk.Trace(ctx)
	step, err = c.step(ctx, req.Session, func() (*wire.Step, error) { return c.p.rpc.Begin(ctx, m) })
	c.note(req.Session, step, err)
	if err == nil && req.PSU == nil && step.Challenge != nil {
		cause := contract.Unattended(step)
		return sdk.Step{}, &sdk.Failure{Code: sdk.ChallengeRequired, Whose: sdk.Plugin, Cause: cause}
	}
	return step, err
}

// Continue implements sdk.Provider.
func (c caller) Continue(ctx context.Context, req sdk.ContinueRequest) (sdk.Step, error) {
	m := wire.ContinueRequestOf(req)
	m.Trace = sdk.Trace(ctx)
	step, err := c.step(ctx, req.Session, func() (*wire.Step, error) { return c.p.rpc.Continue(ctx, m) })
	if !req.Survives(err) {
		c.note(req.Session, step, err)
	}
	return step, err
}

func (c caller) step(ctx context.Context, session sdk.Session, ask func() (*wire.Step, error)) (step sdk.Step, err error) {
	err = c.p.call(ctx, session.ID, func() error {
		answer, err := ask()
		if err != nil {
			return err
		}
		step = answer.SDK()
		return breach(contract.Step(step))
	})
	if err != nil {
		return sdk.Step{}, err
	}
	return step, nil
}

// note keeps in mind whether the session lives in the plugin's process.
func (c caller) note(session sdk.Session, step sdk.Step, err error) {
	switch {
	case err != nil:
		c.p.release(session.ID)
	case step.Challenge != nil && step.Challenge.Holding == sdk.Live:
		c.p.hold(session.ID)
	}
}

// Fetch implements sdk.Provider. An error of the sink ends the stream and is
// returned as it is.
func (c caller) Fetch(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) error {
	if deadline, ok := ctx.Deadline(); ok && req.Deadline.IsZero() {
		req.Deadline = deadline.Round(time.Microsecond)
	}
	var refused error
	err := c.p.call(ctx, req.Session.ID, func() (err error) {
		refused, err = c.stream(ctx, req, sink)
		return err
	})
	c.p.release(req.Session.ID)
	if refused != nil {
		return refused
	}
	return err
}

// stream hands items on until the plugin is done; refused is the sink's error.
func (c caller) stream(ctx context.Context, req sdk.FetchRequest, sink sdk.Sink) (refused, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	m := wire.FetchRequestOf(req)
	m.Trace = sdk.Trace(ctx)
	items, err := c.p.rpc.Fetch(ctx, m)
	if err != nil {
		return nil, err
	}
	order := contract.Stream{MaxItems: c.p.cfg.MaxItems}
	for {
		m, err := items.Recv()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		item := m.SDK()
		if err := order.Next(item); err != nil {
			return nil, breach(err)
		}
		if err := sink.Send(item); err != nil {
			return err, nil
		}
	}
}

type refresher struct{ p *Process }

// Refresh implements sdk.Refresher.
func (r refresher) Refresh(ctx context.Context, req sdk.RefreshRequest) (ready sdk.Ready, err error) {
	m := wire.RefreshRequestOf(req)
	m.Trace = sdk.Trace(ctx)
	err = r.p.call(ctx, req.Session.ID, func() error {
		answer, err := r.p.rpc.Refresh(ctx, m)
		if err != nil {
			return err
		}
		ready = answer.SDK()
		return breach(contract.Ready(ready))
	})
	return ready, err
}

type ender struct{ p *Process }

// End implements sdk.Ender.
func (e ender) End(ctx context.Context, req sdk.EndRequest) error {
	m := wire.EndRequestOf(req)
	m.Trace = sdk.Trace(ctx)
	defer e.p.release(req.Session.ID)
	return e.p.call(ctx, req.Session.ID, func() error {
		_, err := e.p.rpc.End(ctx, m)
		return err
	})
}

// breach makes the plugin's failure of an answer that the contract forbids.
func breach(err error) error {
	if err == nil {
		return nil
	}
	return &sdk.Failure{Code: sdk.BadData, Whose: sdk.Plugin, Cause: err}
}

// judge makes a typed failure of whatever a call ended with.
func (p *Process) judge(ctx context.Context, session string, err error) error {
	if err == nil {
		return nil
	}
	if failure, ok := errors.AsType[*sdk.Failure](err); ok {
		return failure
	}
	failure, _ := errors.AsType[*sdk.Failure](wire.FailureFrom(ctx, err))
	if broken := contract.Failure(*failure); broken != nil {
		return breach(broken)
	}
	if ctx.Err() == nil && p.broke(err) {
		p.abandon()
		if p.isLive(session) {
			return &sdk.Failure{Code: sdk.SessionLost, Whose: sdk.Plugin, Cause: err}
		}
	}
	return failure
}

// broke tells whether err is the loss of the connection, and not a word of the
// plugin's that looks like it: then it would still answer.
func (p *Process) broke(err error) bool {
	if code := status.Code(err); code != codes.Unavailable && code != codes.Canceled {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerable)
	defer cancel()
	return p.ping(ctx) != nil
}

// answerable is how long a plugin may take to show that it is still there.
const answerable = 500 * time.Millisecond

func (p *Process) hold(session string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.live[session] = true
}

func (p *Process) release(session string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.live, session)
}

func (p *Process) isLive(session string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.live[session]
}
