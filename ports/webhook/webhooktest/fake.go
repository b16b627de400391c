package webhooktest

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// Fake is a sender among endpoints that are functions. It takes the time that
// they take, of whatever clock time.Now is.
type Fake struct {
	mu        sync.Mutex
	endpoints map[string]func(context.Context, webhook.Message) delivery.Answer
	seen      []webhook.Message
}

// NewFake makes a sender that reaches nobody yet.
func NewFake() *Fake {
	return &Fake{endpoints: map[string]func(context.Context, webhook.Message) delivery.Answer{}}
}

// Handle has an address answered.
func (f *Fake) Handle(address string, answer func(context.Context, webhook.Message) delivery.Answer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.endpoints[address] = answer
}

// Seen are the messages that reached somebody, oldest first.
func (f *Fake) Seen() []webhook.Message {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]webhook.Message(nil), f.seen...)
}

// Check implements webhook.Sender: what is public is called so.
func (f *Fake) Check(address string) error {
	target, err := url.Parse(address)
	if err != nil || target.Scheme != "https" || target.User != nil || target.Fragment != "" || !strings.HasSuffix(target.Host, ".example") {
		return delivery.ErrWebhookURL
	}
	return nil
}

// Send implements webhook.Sender.
func (f *Fake) Send(ctx context.Context, m webhook.Message) delivery.Answer {
	f.mu.Lock()
	answer := f.endpoints[m.URL]
	if f.Check(m.URL) == nil && answer != nil {
		f.seen = append(f.seen, m)
	} else {
		answer = nil
	}
	f.mu.Unlock()
	if answer == nil {
		return delivery.Answer{Code: delivery.Unreachable}
	}
	ctx, cancel := context.WithTimeout(ctx, webhook.Limit)
	defer cancel()
	began := time.Now()
	got := answer(ctx, m)
	got.Took = time.Since(began)
	return got
}

// Answering is an endpoint as a function, for Handle.
func Answering(e Endpoint) func(context.Context, webhook.Message) delivery.Answer {
	return func(ctx context.Context, _ webhook.Message) delivery.Answer {
		if e.Silent {
			<-ctx.Done()
			return delivery.Answer{Code: delivery.TimedOut}
		}
		body := e.Body
		if e.Endless {
			body = strings.Repeat(body, webhook.MaxExcerpt)
		}
		return delivery.Answer{HTTPStatus: e.Status, Excerpt: shortened(body), RetryAfter: waiting(e.RetryAfter)}
	}
}

func shortened(body string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return ' '
		case r == unicode.ReplacementChar || !unicode.IsPrint(r):
			return -1
		}
		return r
	}, body)
	runes := []rune(clean)
	return strings.TrimSpace(string(runes[:min(len(runes), webhook.MaxExcerpt)]))
}

func waiting(text string) time.Duration {
	wait := time.Duration(0)
	if seconds, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil {
		wait = time.Duration(min(seconds, 1e6)) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = time.Until(at)
	}
	return min(max(wait, 0), delivery.LongestWait)
}

func timeout(t *testing.T, d time.Duration) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithTimeout(t.Context(), d)
}
