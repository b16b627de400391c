package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const (
	eventStream = "text/event-stream"
	// beat is how long a stream says nothing: proxies end what is silent. At each
	// beat it is looked whether the token still holds.
	beat = 15 * time.Second
	// writing bounds one write to a reader who does not read.
	writing = 30 * time.Second
	// streamPage is how many events are read at once.
	streamPage = 200
	// maxStreams bounds the open streams of a client on this server.
	maxStreams = 32
)

var errStreams = fault.New(fault.RateLimited, "too_many_streams", "This client has too many streams open.").After(beat)

// streams reports whether a stream is asked for; who takes a page too gets one.
func streams(accept string) bool {
	return strings.Contains(accept, eventStream) && !strings.Contains(accept, "application/json")
}

// tally counts open streams by client.
type tally struct {
	mu   sync.Mutex
	open map[ident.Client]int
}

func (t *tally) enter(client ident.Client) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open == nil {
		t.open = map[ident.Client]int{}
	}
	if t.open[client] >= maxStreams {
		return errStreams
	}
	t.open[client]++
	return nil
}

func (t *tally) leave(client ident.Client) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open[client]--; t.open[client] == 0 {
		delete(t.open, client)
	}
}

// stream is one open stream of events (WHATWG HTML, server-sent events).
type stream struct {
	api
	principal usecase.Principal
	filter    store.EventFilter
	at        *int64
	request   *http.Request
	out       http.ResponseWriter
	// looked is when the token was last looked at.
	looked time.Time
}

// openStream reads once, so that what is wrong with the request is refused with
// a problem; from then on the answer is a stream.
func (a api) openStream(ctx context.Context, p usecase.Principal, filter store.EventFilter, in *listEventsInput) (*eventsAnswer, error) {
	at := in.After.number()
	if in.LastEventID.Given {
		at = &in.LastEventID.Value
	}
	if _, err := a.Events.After(ctx, p, at, filter, 1, 0); err != nil {
		return nil, err
	}
	if err := a.open.enter(p.Client); err != nil {
		return nil, err
	}
	return &eventsAnswer{func(c huma.Context) {
		defer a.open.leave(p.Client)
		request, out := humago.Unwrap(c)
		(&stream{a, p, filter, at, request, out, a.IDs.Now()}).run(request.Context())
	}}, nil
}

// run tells events until the reader, the token or the server ends.
func (s *stream) run(ctx context.Context) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(draining(ctx), stop)()
	control := http.NewResponseController(s.out)
	_ = control.SetReadDeadline(time.Time{}) // the request was read; the reader may stay
	s.out.Header().Set("Content-Type", eventStream)
	s.out.Header().Set("X-Accel-Buffering", "no") // a proxy that collects would undo it
	for text := "retry: 3000\n\n"; ; {
		_ = control.SetWriteDeadline(time.Now().Add(writing)) //nolint:forbidigo // of the line, on real time
		if _, err := s.out.Write([]byte(text)); err != nil || control.Flush() != nil {
			return
		}
		var alive bool
		if text, alive = s.next(ctx); !alive {
			return
		}
	}
}

// next waits for what there is to write: events, or after a beat a sign of life.
func (s *stream) next(ctx context.Context) (text string, alive bool) {
	found, err := s.Events.After(ctx, s.principal, s.at, s.filter, streamPage, s.Beat)
	if err != nil || ctx.Err() != nil || !s.entitled() {
		return "", false // the reader comes back with Last-Event-ID
	}
	if len(found) == 0 {
		return ": \n\n", true
	}
	var out strings.Builder
	for _, e := range found {
		data, err := json.Marshal(showEvent(e))
		if err != nil {
			return "", false
		}
		fmt.Fprintf(&out, "id: %d\nevent: %s\ndata: %s\n\n", e.Seq, e.Name, data)
		s.at = &e.Seq
	}
	return out.String(), true
}

// entitled looks, once a beat, whether the token is still good for what it was
// good for: one that was revoked tells nothing more.
func (s *stream) entitled() bool {
	now := s.IDs.Now()
	if now.Sub(s.looked) < s.Beat/2 {
		return true
	}
	s.looked = now
	_, err := s.server.principal(s.request)
	return err == nil
}
