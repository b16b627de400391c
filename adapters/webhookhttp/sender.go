package webhookhttp

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// Config is what a sender is made of.
type Config struct {
	// Client follows no redirects and refuses what is not public; Check is what it
	// says of an address beforehand.
	Client *http.Client
	Check  func(*url.URL) error
	Now    func() time.Time
	// Version is told to endpoints.
	Version string
	// Limit of an exchange; webhook.Limit when zero.
	Limit time.Duration
}

// Sender implements webhook.Sender.
type Sender struct{ Config }

var _ webhook.Sender = (*Sender)(nil)

// New makes a sender.
func New(config Config) *Sender {
	if config.Limit == 0 {
		config.Limit = webhook.Limit
	}
	return &Sender{config}
}

// Check implements webhook.Sender.
func (s *Sender) Check(address string) error {
	target, err := url.Parse(address)
	if err != nil || target.Fragment != "" || s.Config.Check(target) != nil {
		return delivery.ErrWebhookURL // a cause would quote the address
	}
	return nil
}

// Send implements webhook.Sender.
func (s *Sender) Send(ctx context.Context, m webhook.Message) delivery.Answer {
	ctx, cancel := context.WithTimeout(ctx, s.Limit)
	defer cancel()
	began := s.Now()
	answer := s.exchange(ctx, m)
	answer.Took = s.Now().Sub(began)
	return answer
}

func (s *Sender) exchange(ctx context.Context, m webhook.Message) delivery.Answer {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, m.URL, bytes.NewReader(m.Body))
	if err != nil {
		return delivery.Answer{Code: delivery.Unreachable}
	}
	request.Header = http.Header{
		"Content-Type": {"application/json"}, "User-Agent": {"Tributary-Webhooks/" + s.Version}, webhook.IDHeader: {string(m.ID)},
		webhook.TimestampHeader: {strconv.FormatInt(m.At.Unix(), 10)}, webhook.SignatureHeader: {m.Signature},
	}
	response, err := s.Client.Do(request)
	if err != nil {
		return delivery.Answer{Code: codeOf(ctx, err)}
	}
	defer func() { _ = response.Body.Close() }()
	// What breaks off or comes too late is not missed: the status has said all.
	head, _ := io.ReadAll(io.LimitReader(response.Body, webhook.MaxRead))
	return delivery.Answer{
		HTTPStatus: response.StatusCode, Excerpt: excerpt(head), RetryAfter: retryAfter(response.Header.Get("Retry-After"), s.Now()),
	}
}
