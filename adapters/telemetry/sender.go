package telemetry

import (
	"context"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// Sender measures the requests to endpoints. No label names one.
func (i *Instruments) Sender(next webhook.Sender) webhook.Sender { return sender{next, i} }

type sender struct {
	webhook.Sender
	*Instruments
}

// Send implements the port.
func (s sender) Send(ctx context.Context, m webhook.Message) delivery.Answer {
	now := s.postsNow.WithLabelValues()
	now.Inc()
	defer now.Dec()
	began := s.now()
	answer := s.Sender.Send(ctx, m)
	outcome := outcomeOfAnswer(answer)
	s.posts.WithLabelValues(outcome).Inc()
	s.postSeconds.WithLabelValues(outcome).Observe(s.since(began))
	return answer
}

// outcomeOfAnswer is a word of a closed list.
func outcomeOfAnswer(a delivery.Answer) string {
	switch {
	case a.HTTPStatus == 0:
		return string(a.Code)
	case a.Tried(time.Time{}).Succeeded():
		return "delivered"
	}
	return "refused"
}

// watchedDeliveries count those that come to their end.
type watchedDeliveries struct {
	store.Deliveries
	ended map[string]int
}

// Put implements the port.
func (d watchedDeliveries) Put(ctx context.Context, ds ...delivery.Delivery) error {
	err := d.Deliveries.Put(ctx, ds...)
	if err != nil {
		return err
	}
	for _, one := range ds {
		if one.Status != delivery.Pending {
			d.ended[strings.ToLower(string(one.Status))]++
		}
	}
	return nil
}
