package bank

import (
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// up refuses while the bank is down for the persona: Unavailable, with when it is back if that is known.
func (b *Bank) up(login string) error {
	if err := b.upToday(login); err != nil {
		return err
	}
	down, ok := b.who(login).Behaviour(config.BehaviourDown)
	if !ok {
		return nil
	}
	refusal := unavailable()
	if !down.From.Given {
		return refusal
	}
	now, minute := b.minute()
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

func unavailable() *Refusal {
	return &Refusal{Code: Unavailable, Message: "The bank is not available for now. Please try again later."}
}

// Hostile is what the persona's third parties get in the place of an answer today; empty where it is a good one.
func (b *Bank) Hostile(login string, where config.Place) config.Hostility {
	b.mu.Lock()
	defer b.mu.Unlock()
	hostile, ok := b.who(login).Behaviour(config.BehaviourHostile)
	if !ok || hostile.Where != where || hostile.Since.Given() && b.clock.today().Before(b.Book.Day(hostile.Since)) {
		return ""
	}
	return hostile.Answer
}

// minute is the bank's time and how far the day is.
func (b *Bank) minute() (now time.Time, minute int) {
	now = b.clock.now().In(b.clock.zone)
	return now, now.Hour()*60 + now.Minute()
}

// upToday refuses while the timeline says that the bank is down, for the persona or for all.
func (b *Bank) upToday(login string) error {
	now, minute := b.minute()
	for _, h := range b.happenings {
		if h.Do != config.DoDown || (h.Login != "" && h.Login != login) || !h.goesOn(b.clock.today()) {
			continue
		}
		refusal := unavailable()
		switch {
		case !h.From.Given:
			end := h.last.AddDate(0, 0, 1)
			refusal.RetryAt = time.Date(end.Year(), end.Month(), end.Day(), 0, 0, 0, 0, b.clock.zone)
		case minute < h.From.Of || minute >= h.Until.Of:
			continue
		default:
			refusal.RetryAt = time.Date(now.Year(), now.Month(), now.Day(), h.Until.Of/60, h.Until.Of%60, 0, 0, b.clock.zone)
		}
		return refusal
	}
	return nil
}
