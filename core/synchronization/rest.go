package synchronization

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
)

// Limited reports whether there is nothing to tell of the run but that the bank
// takes no more calls for now. Where another channel needs the user, or read
// something, that is what the run ends with.
func (s *Synchronization) Limited() bool {
	for _, leg := range s.Legs {
		if leg.Phase != Lost || leg.Code != rateLimited {
			return false
		}
	}
	return len(s.Legs) > 0
}

// rateLimited is the code of a leg that was lost because the bank takes no more
// calls for now.
const rateLimited = "RATE_LIMITED"

// Rest waits until the bank takes calls again: that is no failure. The run goes
// on from its beginning then, by itself, and nobody is there any more.
func (s *Synchronization) Rest(until time.Time) error {
	if err := s.apply(Limited); err != nil {
		return err
	}
	for i, leg := range s.Legs {
		s.Legs[i] = Leg{ChannelDefinition: leg.ChannelDefinition, Phase: Waiting}
	}
	s.Progress()
	s.PSU, s.RetryAt, s.Stage, s.Accounts = nil, until, StageStart, nil
	s.release(time.Time{})
	s.record(event.SynchronizationRateLimited, "", event.Data{"retry_at": until.UTC().Format(time.RFC3339)})
	return nil
}

// Rests reports whether the run waits for nobody but the bank. Whoever wants one
// now may have its place.
func (s *Synchronization) Rests() bool {
	return s.Status == Paused && s.DueAt.IsZero() && !s.RetryAt.IsZero()
}

// Next is when the run goes on by itself, or when its connection was to be tried
// again because of how it ended; zero where neither is.
func (s *Synchronization) Next() time.Time {
	if s.Rests() || s.Status == Failed || s.Status == Partial {
		return s.RetryAt
	}
	return time.Time{}
}

// Alone reports whether nobody looks on who could be asked anything: the run was
// begun by the schedule, or went on by itself.
func (s *Synchronization) Alone() bool {
	return s.PSU == nil && (s.Trigger == Scheduled || !s.RetryAt.IsZero())
}
