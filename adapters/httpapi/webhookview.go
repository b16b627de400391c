package httpapi

import (
	"encoding/json"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type webhookView struct {
	ID           string     `json:"id" example:"whk_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The webhook's id."`
	URL          string     `json:"url" example:"https://example.org/hooks" doc:"Where events are sent."`
	Description  *string    `json:"description" example:"Billing" doc:"What people call it."`
	UserID       *string    `json:"user_id" example:"usr_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"Whose events it gets; null for all users."`
	ConnectionID *string    `json:"connection_id" example:"con_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The connection whose events it gets; null for all."`
	Types        []string   `json:"types" example:"synchronization.succeeded" doc:"The names of events that it gets; empty for all."`
	Algorithm    string     `json:"algorithm" enum:"HMAC_SHA256,ED25519" doc:"How requests are signed."`
	PublicKey    *string    `json:"public_key" example:"whpk_MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=" doc:"What verifies the newest signature; null with HMAC_SHA256."`
	Secrets      []signing  `json:"secrets" doc:"Those that sign, the newest first. The secrets themselves are not told again."`
	Status       string     `json:"status" enum:"ENABLED,DISABLED" doc:"Whether anything is sent."`
	Reason       *string    `json:"disabled_reason" enum:"GONE,FAILING,CLIENT" doc:"Why it is disabled: the endpoint answered 410, it did nothing but fail for five days, or its client wanted it so. Null while enabled."`
	FailingSince *time.Time `json:"failing_since" doc:"The first failure that no success came after; null where there is none."`
	Seq          int64      `json:"seq" example:"42" doc:"Every event up to this number was sent once at least, or is not wanted. It may be a second behind."`
	CreatedAt    time.Time  `json:"created_at" doc:"When it was created."`
}

type signing struct {
	CreatedAt time.Time  `json:"created_at" doc:"When it was made."`
	ExpiresAt *time.Time `json:"expires_at" doc:"When it signs no more; null for the newest."`
	PublicKey *string    `json:"public_key" doc:"What verifies its signature; null with HMAC_SHA256."`
}

// madeWebhookView is the one answer that tells a secret.
type madeWebhookView struct {
	webhookView
	Secret *string `json:"secret" example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" doc:"The secret, which is told this once; null with ED25519."`
}

type deliveryView struct {
	EventID   string        `json:"event_id" example:"evt_01j9z3k6f8q2v4x6z8b0d2f4h6" doc:"The event's id, which is sent as webhook-id."`
	Seq       int64         `json:"seq" example:"43" doc:"The event's number; 0 for a test."`
	Type      string        `json:"type" example:"synchronization.succeeded" doc:"The event's name."`
	Status    string        `json:"status" enum:"PENDING,DELIVERED,FAILED" doc:"PENDING is tried again at next_attempt_at; FAILED was tried as often as it is."`
	Attempts  []attemptView `json:"attempts" doc:"The last 20, the oldest first."`
	NextAt    *time.Time    `json:"next_attempt_at" doc:"When it is tried next; null where it is not."`
	CreatedAt time.Time     `json:"created_at" doc:"When it was tried first, or asked for again."`
}

type attemptView struct {
	At         time.Time `json:"at" doc:"When the request was made."`
	HTTPStatus *int      `json:"http_status" example:"503" doc:"What was answered; null where nothing was."`
	Error      *string   `json:"error" enum:"unreachable,tls_failed,timeout,event_gone" doc:"Why nothing was answered."`
	DurationMS int64     `json:"duration_ms" example:"12" doc:"How long it took, in milliseconds."`
	Excerpt    *string   `json:"excerpt" example:"Service Unavailable" doc:"The beginning of the answer, up to 500 characters."`
}

func showWebhook(w *delivery.Webhook) webhookView {
	view := webhookView{
		ID: string(w.ID), URL: w.URL, Description: known(w.Description), UserID: known(w.Filter.UserID), ConnectionID: known(w.Filter.ConnectionID),
		Types: each(w.Filter.Names, func(n event.Name) string { return string(n) }), Algorithm: string(w.Algorithm), Status: string(w.Status),
		Reason: known(w.Reason), FailingSince: moment(w.FailingSince), Seq: w.Cursor, CreatedAt: instant(w.CreatedAt),
		Secrets: each(w.Secrets, func(s delivery.Secret) signing {
			return signing{CreatedAt: instant(s.CreatedAt), ExpiresAt: moment(s.Until), PublicKey: known(s.PublicKey)}
		}),
	}
	if len(w.Secrets) > 0 {
		view.PublicKey = known(w.Secrets[0].PublicKey)
	}
	return view
}

func showMade(made usecase.MadeWebhook) madeWebhookView {
	return madeWebhookView{showWebhook(made.Webhook), known(made.Secret.Reveal())}
}

func showDelivery(d delivery.Delivery) deliveryView {
	return deliveryView{
		EventID: string(d.EventID), Seq: d.Seq, Type: string(d.Name), Status: string(d.Status), NextAt: moment(d.NextAt), CreatedAt: instant(d.CreatedAt),
		Attempts: each(d.Attempts, showAttempt),
	}
}

func showAttempt(a delivery.Attempt) attemptView {
	view := attemptView{At: instant(a.At), Error: known(a.Code), DurationMS: a.Took.Milliseconds(), Excerpt: known(a.Excerpt)}
	if a.HTTPStatus != 0 {
		view.HTTPStatus = &a.HTTPStatus
	}
	return view
}

// pushed is an event as endpoints get it: as it is read from the log, with what
// Standard Webhooks expects in front.
type pushed struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	eventView
}

// EncodeEvent writes an event as endpoints get it.
func EncodeEvent(e event.Event) ([]byte, error) {
	view := showEvent(e)
	return json.Marshal(pushed{Type: view.Name, Timestamp: view.OccurredAt, eventView: view})
}
