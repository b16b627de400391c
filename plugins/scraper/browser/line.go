package browser

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-rod/rod/lib/cdp"
	"github.com/go-rod/rod/lib/proto"
)

// line is one conversation of DevTools: with the browser itself, or with a window. It is what rod's proto calls take.
type line struct {
	process *process
	ctx     context.Context //nolint:containedctx // proto asks for it this way
	session proto.TargetSessionID
	life    context.Context //nolint:containedctx // of the other end
}

func (p *process) line(ctx context.Context, session proto.TargetSessionID) line {
	return line{process: p, ctx: ctx, session: session, life: p.life}
}

// GetSessionID implements proto.Sessionable.
func (l line) GetSessionID() proto.TargetSessionID { return l.session }

// GetContext implements proto.Contextable.
func (l line) GetContext() context.Context { return l.ctx }

// Call implements proto.Client. It ends with the browser and with the window, whose unanswered calls Chromium forgets when
// it closes, and never waits longer than a call may take: a window whose script does not end does not answer.
func (l line) Call(ctx context.Context, session, method string, params any) ([]byte, error) {
	inner, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	defer context.AfterFunc(l.life, cancel)()
	answer, err := l.process.talk.call(inner, session, method, params)
	switch {
	case err == nil:
		return answer, nil
	case l.process.gone():
		return nil, ErrGone
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(context.Cause(l.life), errShut):
		return nil, &refusal{method, errShut}
	case l.life.Err() != nil:
		return nil, context.Cause(l.life)
	case inner.Err() != nil:
		return nil, fmt.Errorf("%w: no answer to %s", ErrHostile, method)
	}
	return nil, &refusal{method, err}
}

// tell sends a call whose answer nobody waits for.
func (l line) tell(request proto.Request) error {
	_, forget, err := l.process.talk.send(string(l.session), request.ProtoReq(), request)
	if err == nil {
		forget()
	}
	return err
}

// errShut is the end of a window whose visit goes on.
var errShut = errors.New("the window was closed")

// refusal is what the browser answers to a call that it does not carry out. Its text may quote the page.
type refusal struct {
	method string
	cause  error
}

func (r *refusal) Error() string { return "the browser refuses " + r.method }
func (r *refusal) Unwrap() error { return r.cause }

// Is makes errors.Is know a refusal.
func (r *refusal) Is(target error) bool { return target == ErrRefused }

// listen hands every event to whom it concerns. It never waits: what an event sets off is done apart.
func (p *process) listen() {
	for event := range p.talk.events {
		if event.SessionID == "" {
			p.hear(event)
			continue
		}
		if w := p.window(proto.TargetSessionID(event.SessionID)); w != nil {
			w.hear(event)
		}
	}
	p.end()
}

// hear takes the events of the browser itself.
func (p *process) hear(event *cdp.Event) {
	switch event.Method {
	case "Target.attachedToTarget":
		if e, ok := read[proto.TargetAttachedToTarget](event); ok && e.TargetInfo != nil {
			p.attached(e)
		}
	case "Target.detachedFromTarget":
		if e, ok := read[proto.TargetDetachedFromTarget](event); ok {
			p.each(func(v *Visit) { v.lost(e.SessionID) })
		}
	case "Browser.downloadWillBegin":
		if e, ok := read[proto.BrowserDownloadWillBegin](event); ok {
			p.each(func(v *Visit) { v.downloads.begin(v, e) })
		}
	case "Browser.downloadProgress":
		if e, ok := read[proto.BrowserDownloadProgress](event); ok {
			p.each(func(v *Visit) { v.downloads.progress(v, e) })
		}
	}
}

func read[E any](event *cdp.Event) (E, bool) {
	var e E
	return e, json.Unmarshal(event.Params, &e) == nil
}

// attached takes a new window, which waits for us, to its visit. Whatever is nobody's is let go on, behind a proxy that
// leads nowhere.
func (p *process) attached(e proto.TargetAttachedToTarget) {
	p.mu.Lock()
	v := p.visits[e.TargetInfo.BrowserContextID]
	p.mu.Unlock()
	if v == nil || e.TargetInfo.Type != proto.TargetTargetInfoTypePage {
		go func() { _ = proto.RuntimeRunIfWaitingForDebugger{}.Call(p.line(p.life, e.SessionID)) }()
		return
	}
	v.attach(e)
}

func (p *process) each(f func(*Visit)) {
	p.mu.Lock()
	visits := make([]*Visit, 0, len(p.visits))
	for _, v := range p.visits {
		visits = append(visits, v)
	}
	p.mu.Unlock()
	for _, v := range visits {
		f(v)
	}
}

func (p *process) window(session proto.TargetSessionID) (found *Window) {
	p.each(func(v *Visit) {
		if w := v.bySession(session); w != nil {
			found = w
		}
	})
	return found
}
