package delivery

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
)

// Status is what became of an event for a webhook.
type Status string

// Statuses of a delivery.
const (
	// Pending will be tried, again or at all.
	Pending   Status = "PENDING"
	Delivered Status = "DELIVERED"
	// Failed was tried as often as the schedule says.
	Failed Status = "FAILED"
)

// MaxAttempts is how many attempts a delivery remembers; the oldest are forgotten.
const MaxAttempts = 20

// Delivery is one event on its way to one webhook.
type Delivery struct {
	WebhookID ident.Webhook
	// Seq and EventID are the event's.
	Seq     int64
	EventID ident.Event
	Name    event.Name
	Status  Status
	// Attempts are the oldest first.
	Attempts []Attempt
	// Step is how far it is in the schedule: 0 before the first attempt.
	Step int
	// NextAt is when it is tried next; the zero time where it is not.
	NextAt time.Time
	// CreatedAt is when it was tried first, or asked for again.
	CreatedAt time.Time
}

// NewDelivery is an event that was not tried yet.
func NewDelivery(to ident.Webhook, e event.Event, now time.Time) Delivery {
	return Delivery{WebhookID: to, Seq: e.Seq, EventID: e.ID, Name: e.Name, Status: Pending, NextAt: now, CreatedAt: now}
}

// Again begins anew; what was tried before is still known.
func (d Delivery) Again(now time.Time) Delivery {
	d.Status, d.Step, d.NextAt, d.CreatedAt = Pending, 0, now, now
	return d
}

// Note takes in an answer. dice is between 0 and 1.
func (d Delivery) Note(answer Answer, at time.Time, dice float64) Delivery {
	tried := answer.Tried(at)
	d.Attempts = append(d.Attempts[:len(d.Attempts):len(d.Attempts)], tried)
	if extra := len(d.Attempts) - MaxAttempts; extra > 0 {
		d.Attempts = d.Attempts[extra:]
	}
	d.NextAt = time.Time{}
	switch {
	case tried.Succeeded():
		d.Status = Delivered
	case answer.Code == EventGone:
		d.Status = Failed
	default:
		d.postpone(answer.wait(), at.Add(answer.Took), dice)
	}
	return d
}

// postpone sets the next try after one that ended. An endpoint that asks to be
// left alone for a shorter time than the schedule would is obeyed without losing
// a step of it, for as long as the schedule lasts.
func (d *Delivery) postpone(wanted time.Duration, ended time.Time, dice float64) {
	wait, more := Wait(d.Step)
	switch {
	case wanted == 0 && more:
		d.Step, d.NextAt = d.Step+1, ended.Add(jittered(wait, dice))
	case wanted >= wait && more:
		d.Step, d.NextAt = d.Step+1, ended.Add(later(wanted, dice))
	case wanted > 0 && ended.Before(d.CreatedAt.Add(Span())):
		d.NextAt = ended.Add(later(wanted, dice))
	default:
		d.Status = Failed
	}
}
