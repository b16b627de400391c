package synchronization

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
)

// Lease says who works on a run. Epoch rises with every claim: a writer with an
// older one is fenced off, however late it wakes up.
type Lease struct {
	Owner string
	Epoch int64
	// Until is on real time, never on the sandbox clock.
	Until time.Time
}

// Held reports whether somebody is at work.
func (l Lease) Held(now time.Time) bool { return l.Owner != "" && now.Before(l.Until) }

// Claim takes the run for owner until a time. It fails with ErrFenced while
// another holds it, and with ErrOver when the run is final.
func (s *Synchronization) Claim(owner string, now, until time.Time) error {
	if s.Lease.Held(now) {
		return ErrFenced
	}
	first := s.Status == Queued
	if err := s.apply(Claimed); err != nil {
		return err
	}
	if s.Lease.Owner != "" { // a holder that neither got anywhere nor let go
		s.Fruitless++
	}
	s.Lease = Lease{Owner: owner, Epoch: s.Lease.Epoch + 1, Until: until}
	s.DueAt = until
	if first {
		s.StartedAt = now
		s.record(event.SynchronizationStarted, "", event.Data{"trigger": string(s.Trigger), "type": string(s.Type)})
	}
	return nil
}

// maxFruitless is how many holders a run may lose without getting further. One
// that kills whoever works on it must not do so for ever.
const maxFruitless = 5

// Hopeless reports whether the run's present leg has to be given up.
func (s *Synchronization) Hopeless() bool { return s.Fruitless > maxFruitless }

// Progress notes that the run got further: a leg ended, or the user was asked.
func (s *Synchronization) Progress() { s.Fruitless = 0 }

// Extend keeps the lease of the present holder; one that was released stays so,
// or a late renewal would move the time at which a waiting run is due.
func (s *Synchronization) Extend(until time.Time) {
	if s.Lease.Owner != "" {
		s.Lease.Until, s.DueAt = until, until
	}
}

// LetGo gives the run back before it is over: whoever looks next goes on.
func (s *Synchronization) LetGo(now time.Time) {
	if !s.Status.Final() {
		s.release(now)
	}
}

// release gives the lease up; the epoch stays, so that it can only rise.
func (s *Synchronization) release(due time.Time) {
	s.Lease.Owner, s.Lease.Until, s.DueAt = "", time.Time{}, due
}

// Pause waits for the user, until due at the latest.
func (s *Synchronization) Pause(channel string, challenge event.Data, due time.Time) error {
	if err := s.apply(Asked); err != nil {
		return err
	}
	s.Stage = StageInteractive
	s.Progress()
	s.release(due)
	s.record(event.SynchronizationChallengeRequired, channel, challenge)
	return nil
}

// Await waits for the user without letting go: the session lives in the
// holder's process.
func (s *Synchronization) Await(channel string, challenge event.Data) error {
	if err := s.apply(Asked); err != nil {
		return err
	}
	s.Stage = StageInteractive
	s.Progress()
	s.record(event.SynchronizationChallengeRequired, channel, challenge)
	return nil
}

// Resume goes on after Await, with the lease that was kept; without one it
// fails with ErrFenced.
func (s *Synchronization) Resume() error {
	if !s.Status.Final() && s.Lease.Owner == "" {
		return ErrFenced
	}
	return s.apply(Resumed)
}

// Poll waits again, without telling anybody: the user was told before.
func (s *Synchronization) Poll(due time.Time) error {
	if err := s.apply(Asked); err != nil {
		return err
	}
	s.release(due)
	return nil
}

// Wake makes the run due now, because an answer came; one that is over stays so.
func (s *Synchronization) Wake(now time.Time) {
	if !s.Status.Final() {
		s.DueAt = now
	}
}

// Cancel ends the run and fences off whoever works on it.
func (s *Synchronization) Cancel(now time.Time) error {
	if err := s.apply(Withdrawn); err != nil {
		return err
	}
	s.Lease.Epoch++
	s.finish(now)
	s.record(event.SynchronizationCancelled, "", nil)
	return nil
}

// Finish ends the run as its legs ended: all done is success, none is failure.
func (s *Synchronization) Finish(now time.Time, problem *Problem) error {
	input := s.verdict()
	if err := s.apply(input); err != nil {
		return err
	}
	s.Problem = problem
	s.finish(now)
	s.tell(input)
	return nil
}

func (s *Synchronization) finish(now time.Time) {
	s.Stage, s.FinishedAt = StageFinish, now
	s.release(time.Time{})
}

func (s *Synchronization) tell(input Input) {
	name, data := told[input], event.Data{}
	if s.Problem != nil {
		data["error"] = s.Problem.Code
	}
	s.record(name, "", data)
}
