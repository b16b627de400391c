package pluginhost

import (
	"context"
	"errors"

	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// Begin implements the port.
func (h *Host) Begin(ctx context.Context, req port.Begin) (step port.Step, err error) {
	err = h.with(ctx, req.Session, func(p sdk.Provider, note func(sdk.Step)) error {
		answer, err := p.Begin(h.traced(ctx), beginOf(req))
		note(answer)
		if err == nil {
			step, err = stepOf(answer)
		}
		return err
	})
	return step, err
}

// Continue implements the port.
func (h *Host) Continue(ctx context.Context, req port.Continue) (step port.Step, err error) {
	err = h.with(ctx, req.Session, func(p sdk.Provider, note func(sdk.Step)) error {
		request := continueOf(req)
		answer, err := p.Continue(h.traced(ctx), request)
		if !request.Survives(err) {
			note(answer)
		}
		if err == nil {
			step, err = stepOf(answer)
		}
		return err
	})
	return step, err
}

// Refresh implements the port.
func (h *Host) Refresh(ctx context.Context, req port.Refresh) (ready port.Ready, err error) {
	err = h.with(ctx, req.Session, func(p sdk.Provider, _ func(sdk.Step)) error {
		refresher, ok := p.(sdk.Refresher)
		if !ok {
			return sdk.Fail(sdk.NotSupported, nil)
		}
		answer, err := refresher.Refresh(h.traced(ctx), refreshOf(req))
		if err == nil {
			ready = readyOf(answer)
		}
		return err
	})
	return ready, err
}

// Fetch implements the port.
func (h *Host) Fetch(ctx context.Context, req port.Fetch, to port.Sink) error {
	var refused error
	err := h.with(ctx, req.Session, func(p sdk.Provider, note func(sdk.Step)) error {
		defer note(sdk.Step{})
		guarded := remembering{sink: sink{to}}
		err := p.Fetch(h.traced(ctx), fetchOf(req), &guarded)
		refused = guarded.err
		return err
	})
	if refused != nil {
		return refused
	}
	return err
}

// remembering keeps the error of a sink as it was, beside what a call makes of it.
type remembering struct {
	sink sink
	err  error
}

// Send implements sdk.Sink.
func (r *remembering) Send(item sdk.Item) error {
	r.err = r.sink.Send(item)
	return r.err
}

// End implements the port. Where a plugin has nothing to end, nothing is to do.
func (h *Host) End(ctx context.Context, req port.End) error {
	return h.with(ctx, req.Session, func(p sdk.Provider, note func(sdk.Step)) error {
		defer note(sdk.Step{})
		if ender, ok := p.(sdk.Ender); ok {
			return ender.End(h.traced(ctx), endOf(req))
		}
		return nil
	})
}

var (
	errNoDeadline = errors.New("pluginhost: a call wants a deadline")
	errNoChannel  = errors.New("pluginhost: the provider has no such channel")
	errNotServed  = errors.New("pluginhost: no plugin serves this provider")
)

// with runs one call of the plugin that serves the session's channel. The call
// notes the step to which it led, so that a live session finds its process again.
func (h *Host) with(ctx context.Context, session port.Session, call func(p sdk.Provider, note func(sdk.Step)) error) error {
	if _, ok := ctx.Deadline(); !ok {
		return &port.Failure{Code: port.Technical, Whose: port.Host, Err: errNoDeadline}
	}
	for {
		p := h.serves(session.ProviderID, session.ChannelID)
		if p == nil {
			return h.notServed(session.ProviderID)
		}
		owner, running, release, err := h.lease(ctx, p, session.ID)
		if errors.Is(err, errClosed) {
			if now := h.serves(session.ProviderID, session.ChannelID); now != nil && now != p {
				continue // a newer generation took over meanwhile
			}
		}
		if err != nil {
			return failed(ctx, err)
		}
		defer release()
		return failed(ctx, call(running.Provider(), func(step sdk.Step) { h.sessions.note(session.ID, owner, running, step) }))
	}
}

// notServed tells a provider that nobody serves from one without such a channel.
func (h *Host) notServed(provider string) error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if len(h.providers[provider]) == 0 {
		return &port.Failure{Code: port.ProviderUnavailable, Whose: port.Host, Err: errNotServed}
	}
	return &port.Failure{Code: port.NotSupported, Whose: port.Host, Err: errNoChannel}
}

// traced gives the plugin the trace that the call belongs to.
func (h *Host) traced(ctx context.Context) context.Context {
	if h.options.Trace == nil {
		return ctx
	}
	return sdk.WithTrace(ctx, h.options.Trace(ctx))
}
