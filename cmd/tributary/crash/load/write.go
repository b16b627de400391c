package load

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// write is a call that changes something.
type write struct {
	method, path string
	body         any
	// key makes a creation the same one when it is sent again.
	key string
	// absent says that its user is not there.
	absent bool
	// done keeps what was acknowledged.
	done func(answer call.Thing)
	// gone says that the thing is away afterwards: where a second call does not
	// find it the first one did its work.
	gone bool
	// find looks for what the call made when its answer is lost for good.
	find func(ctx context.Context) (call.Thing, error)
}

// errUnsure says that nobody knows what came of a write.
var errUnsure = errors.New("load: no answer")

// send makes a call. What has no answer is kept, to be sent again.
func (p *Play) send(ctx context.Context, w write) (answer call.Thing, err error) {
	if w.method == http.MethodPost && w.key == "" {
		w.key = fmt.Sprintf("key-%d", p.number())
	}
	said, err := p.caller(w).Send(ctx, w.method, w.path, w.body, w.key)
	if err != nil || said.Status >= http.StatusInternalServerError {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.unsure = append(p.unsure, w)
		return nil, errUnsure
	}
	return p.take(w, said)
}

// caller says whether somebody is there.
func (p *Play) caller(w write) call.Caller {
	caller := p.client
	caller.Absent = w.absent
	return caller
}

// take keeps what an answer acknowledges. A refusal acknowledges nothing.
func (p *Play) take(w write, said call.Answer) (call.Thing, error) {
	answer, err := said.Thing(w.method + " " + w.path)
	if err == nil && w.done != nil {
		w.done(answer)
	}
	return answer, err
}

// settleLimit is how long a call may be said to be at work still.
const settleLimit = 20 * time.Second

// Settle sends again what had no answer, as a client does that has lost one.
// What has none again is kept.
func (p *Play) Settle(ctx context.Context) error {
	p.mu.Lock()
	unsure := p.unsure
	p.unsure = nil
	p.mu.Unlock()
	for i, w := range unsure {
		if err := p.again(ctx, w); err != nil {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.unsure = append(p.unsure, unsure[i:]...)
			return err
		}
	}
	return nil
}

func (p *Play) again(ctx context.Context, w write) error {
	for deadline := time.Now().Add(settleLimit); ; {
		said, err := p.caller(w).Send(ctx, w.method, w.path, w.body, w.key)
		if err != nil {
			return fmt.Errorf("sent again: %w", err)
		}
		busy := said.Status == http.StatusConflict && codeOf(said) == "idempotency_in_flight" || said.Status >= http.StatusInternalServerError
		if busy && time.Now().Before(deadline) {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		if said.Status == http.StatusNotFound && (w.gone || w.method == http.MethodDelete) {
			w.done(nil) // it was deleted the first time
			return nil
		}
		_, err = p.take(w, said)
		var refused *call.Refused
		if errors.As(err, &refused) && refused.Answer.Status < http.StatusInternalServerError {
			return p.lost(ctx, w, said)
		}
		return err
	}
}

// lost handles a refusal of what is sent again: it may be refused, for what it
// was about changed meanwhile, and then nothing is promised.
func (p *Play) lost(ctx context.Context, w write, said call.Answer) error {
	switch codeOf(said) {
	case "idempotency_answer_lost":
		if w.find == nil {
			return nil
		}
		made, err := w.find(ctx)
		if err == nil {
			w.done(made)
		}
		return err
	case "synchronization_running", "synchronization_over", "challenge_over", "challenge_expired", "no_challenge", "user_exists",
		"connection_not_found", "transaction_not_found", "account_not_found", "user_not_found", "synchronization_not_found":
		return nil
	}
	return fmt.Errorf("%s %s was sent again and refused: %d %s", w.method, w.path, said.Status, said.Body)
}

func codeOf(said call.Answer) string {
	problem, _ := call.Answer{Body: said.Body}.Thing("")
	return problem.Text("code")
}
