package bank

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// up refuses while the bank is down for the persona: Unavailable, with when it is back if that is known.
func (b *Bank) up(login string) error {
	down, ok := b.personas[login].Behaviour(config.BehaviourDown)
	if !ok {
		return nil
	}
	refusal := &Refusal{Code: Unavailable, Message: "The bank is not available for now. Please try again later."}
	if !down.From.Given {
		return refusal
	}
	now := b.clock.now().In(b.clock.zone)
	minute := now.Hour()*60 + now.Minute()
	inside := down.From.Of <= minute && minute < down.Until.Of
	overnight := down.From.Of > down.Until.Of
	if overnight {
		inside = minute >= down.From.Of || minute < down.Until.Of
	}
	if !inside {
		return nil
	}
	day := now.Day()
	if overnight && minute >= down.From.Of {
		day++
	}
	refusal.RetryAt = time.Date(now.Year(), now.Month(), day, down.Until.Of/60, down.Until.Of%60, 0, 0, b.clock.zone)
	return refusal
}
