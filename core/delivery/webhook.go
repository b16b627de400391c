package delivery

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// WebhookStatus says whether anything is sent.
type WebhookStatus string

// Statuses of a webhook.
const (
	Enabled  WebhookStatus = "ENABLED"
	Disabled WebhookStatus = "DISABLED"
)

// Reason is why a webhook is disabled.
type Reason string

// Reasons.
const (
	// Gone: the endpoint answered 410.
	Gone Reason = "GONE"
	// Failing: nothing but failure for Patience.
	Failing Reason = "FAILING"
	// ByClient: its client wanted it so.
	ByClient Reason = "CLIENT"
)

// Patience is how long an endpoint may do nothing but fail.
const Patience = 5 * 24 * time.Hour

// Bounds of what a client may have, and of its texts in bytes.
const (
	MaxWebhooks    = 1000
	MaxURL         = 2000
	MaxDescription = 500
	MaxNames       = 100
)

// Webhook is an address that a client's events are sent to.
type Webhook struct {
	event.Recorder
	ID          ident.Webhook
	ClientID    ident.Client
	URL         string
	Description string
	Filter      Filter
	Algorithm   Algorithm
	// SealedKey is the key that seals the secrets of this webhook.
	SealedKey []byte
	// Secrets are the newest first. The older ones sign beside it until they end.
	Secrets []Secret

	Status WebhookStatus
	Reason Reason
	// FailingSince is the first failure that no success came after.
	FailingSince time.Time

	// Cursor: every event up to this number has a delivery, or is not wanted.
	Cursor int64
	// RetryAt is not after the time at which the next of its pending deliveries is
	// due; the zero time where none is.
	RetryAt time.Time
	Hold    Hold

	CreatedAt time.Time
}

// Errors of webhooks.
var (
	ErrWebhookNotFound = fault.New(fault.NotFound, "webhook_not_found", "There is no such webhook.")
	ErrWebhookDisabled = fault.New(fault.Conflict, "webhook_disabled", "This webhook is disabled. Enable it first.")
	ErrTooManyWebhooks = fault.New(fault.Conflict, "too_many_webhooks", "This client has as many webhooks as it may have.")
	ErrWebhookURL      = fault.New(fault.Invalid, "invalid_webhook_url", "Events are not sent to such an address.").
				With(fault.At("body.url", "has to be the address of a public server, with https in production, and without a user name"))
	ErrEventNotFound = fault.New(fault.NotFound, "event_not_found", "There is no such event in your log.")
	ErrAlgorithm     = fault.New(fault.Invalid, "unknown_algorithm", "Webhooks are not signed that way.").
				With(fault.At("body.algorithm", "is HMAC_SHA256 or ED25519"))
	ErrDescription = fault.New(fault.Invalid, "description_too_long", "This description is too long.").
			With(fault.At("body.description", "has up to 500 bytes"))
)

// Check looks at what a client gives.
func (w *Webhook) Check() error {
	switch {
	case w.URL == "" || len(w.URL) > MaxURL:
		return ErrWebhookURL
	case len(w.Description) > MaxDescription:
		return ErrDescription
	case len(w.Filter.Names) > MaxNames:
		return event.ErrName
	case !w.Algorithm.known():
		return ErrAlgorithm
	}
	return w.Filter.check()
}

// Serves reports whether events are to be sent.
func (w *Webhook) Serves() bool { return w.Status == Enabled }

// Enable goes on where it stopped, with a new patience.
func (w *Webhook) Enable() {
	if !w.Serves() {
		w.Status, w.Reason, w.FailingSince = Enabled, "", time.Time{}
	}
}

// Disable stops. The client is told by an event unless it wanted it.
func (w *Webhook) Disable(why Reason) {
	if !w.Serves() {
		return
	}
	w.Status, w.Reason = Disabled, why
	if why != ByClient {
		w.Record(event.Draft{Name: event.WebhookDisabled, Data: event.Data{"webhook_id": string(w.ID), "reason": string(why)}})
	}
}

// Learn takes in what one attempt came to.
func (w *Webhook) Learn(a Attempt) {
	if a.Succeeded() {
		w.FailingSince = time.Time{}
		return
	}
	if w.FailingSince.IsZero() {
		w.FailingSince = a.At
	}
	switch {
	case a.Gone():
		w.Disable(Gone)
	case !a.At.Before(w.FailingSince.Add(Patience)):
		w.Disable(Failing)
	}
}

// Advance moves the cursor; back it never goes.
func (w *Webhook) Advance(to int64) { w.Cursor = max(w.Cursor, to) }

// Expect notes that a delivery is due at a time.
func (w *Webhook) Expect(at time.Time) {
	if w.RetryAt.IsZero() || at.Before(w.RetryAt) {
		w.RetryAt = at
	}
}
