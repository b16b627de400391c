package browser

import (
	"context"
	"encoding/json"
	"sync"

	"github.com/go-rod/rod/lib/cdp"
)

// talk is the conversation over a pipe: calls with their answers, and events in their order.
type talk struct {
	pipe   *pipe
	events chan *cdp.Event

	mu      sync.Mutex
	last    int
	waiting map[int]chan cdp.Response
	over    bool
}

// begin starts to read. events must be taken until they end.
func begin(p *pipe) *talk {
	t := &talk{pipe: p, events: make(chan *cdp.Event, 64), waiting: map[int]chan cdp.Response{}}
	go t.read()
	return t
}

// send sends a call, and gives where its answer will come: nothing comes where the conversation ends before.
func (t *talk) send(session, method string, params any) (<-chan cdp.Response, func(), error) {
	answer := make(chan cdp.Response, 1)
	t.mu.Lock()
	defer t.mu.Unlock() // held while it is sent: calls arrive in the order of their numbers
	if t.over {
		return nil, nil, ErrGone
	}
	t.last++
	id := t.last
	message, err := json.Marshal(cdp.Request{ID: id, SessionID: session, Method: method, Params: params})
	if err != nil {
		return nil, nil, err
	}
	t.waiting[id] = answer
	if err := t.pipe.Send(message); err != nil {
		delete(t.waiting, id)
		return nil, nil, ErrGone
	}
	return answer, func() { t.take(id) }, nil
}

// take gives who waits for an answer, once.
func (t *talk) take(id int) chan cdp.Response {
	t.mu.Lock()
	defer t.mu.Unlock()
	answer := t.waiting[id]
	delete(t.waiting, id)
	return answer
}

// call sends a call and waits for its answer.
func (t *talk) call(ctx context.Context, session, method string, params any) ([]byte, error) {
	answer, forget, err := t.send(session, method, params)
	if err != nil {
		return nil, err
	}
	defer forget()
	select {
	case got := <-answer:
		if got.Error != nil {
			return nil, got.Error
		}
		return got.Result, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// read takes messages apart until there are no more. One that is none is left out: Chromium is not to end us.
func (t *talk) read() {
	defer close(t.events)
	for {
		message, err := t.pipe.Read()
		if err != nil {
			t.mu.Lock()
			t.over = true
			t.mu.Unlock()
			return
		}
		var got struct {
			ID        int             `json:"id"`
			SessionID string          `json:"sessionId"`
			Method    string          `json:"method"`
			Params    json.RawMessage `json:"params"`
			Result    json.RawMessage `json:"result"`
			Error     *cdp.Error      `json:"error"`
		}
		switch {
		case json.Unmarshal(message, &got) != nil:
		case got.ID == 0:
			t.events <- &cdp.Event{SessionID: got.SessionID, Method: got.Method, Params: got.Params}
		default:
			if answer := t.take(got.ID); answer != nil {
				answer <- cdp.Response{ID: got.ID, Result: got.Result, Error: got.Error}
			}
		}
	}
}
