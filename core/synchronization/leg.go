package synchronization

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Phase is where a leg stands.
type Phase string

// Phases. Entered is when what is recent is in the ledger and what is older is
// still being read. Done, Incomplete and Lost are final.
const (
	Waiting    Phase = "WAITING"
	Challenged Phase = "CHALLENGED"
	Ready      Phase = "READY"
	Entered    Phase = "ENTERED"
	Done       Phase = "DONE"
	Incomplete Phase = "INCOMPLETE"
	Lost       Phase = "LOST"
)

// Leg is a run's way through one channel.
type Leg struct {
	ChannelDefinition string
	Phase             Phase
	// SealedState is the plugin's state of the session.
	SealedState []byte
	// StateUntil is when that state ends; zero when not known.
	StateUntil time.Time
	// Authenticated says that the user proved to the bank who they are, in this leg.
	Authenticated bool
	// ConsentID is the consent that this leg is to bring; empty where it goes by the
	// channel's own.
	ConsentID ident.Consent
	// Code is why it was lost, or cut short.
	Code string
}

// Open reports whether the leg has a session that reads.
func (l Leg) Open() bool { return l.Phase == Ready || l.Phase == Entered }

// Final reports whether the leg is over.
func (l Leg) Final() bool { return l.Phase == Done || l.Phase == Incomplete || l.Phase == Lost }

// Leg finds the leg of a channel.
func (s *Synchronization) Leg(channel string) *Leg {
	for i := range s.Legs {
		if s.Legs[i].ChannelDefinition == channel {
			return &s.Legs[i]
		}
	}
	return nil
}

// NextLeg gives the first leg that is not over, or nil.
func (s *Synchronization) NextLeg() *Leg {
	for i := range s.Legs {
		if !s.Legs[i].Final() {
			return &s.Legs[i]
		}
	}
	return nil
}

// Join has a run that is not over go one more channel's way, after the others. It
// serves a user who is there: a run at which nobody is asked fails with ErrRunning.
func (s *Synchronization) Join(channel string) error {
	switch {
	case s.Status.Final():
		return ErrOver
	case s.Trigger == Scheduled || s.Rests() || s.Leg(channel) != nil:
		return ErrRunning.About(string(s.ID))
	}
	s.Legs = append(slices.Clone(s.Legs), Leg{ChannelDefinition: channel, Phase: Waiting})
	return nil
}

func (s *Synchronization) verdict() Input {
	done, lost, incomplete := 0, 0, 0
	for _, leg := range s.Legs {
		switch leg.Phase {
		case Done:
			done++
		case Incomplete:
			incomplete++
		default:
			lost++
		}
	}
	switch {
	case incomplete > 0 || (done > 0 && lost > 0):
		return Partially
	case done > 0:
		return Succeeded
	}
	return Broken
}
