package synchronization

import "github.com/tributary-dev/tributary/core/event"

// Status is where a run stands.
type Status string

// Statuses. The last four are final.
const (
	Queued    Status = "QUEUED"
	Running   Status = "RUNNING"
	Paused    Status = "WAITING"
	Success   Status = "SUCCESS"
	Partial   Status = "PARTIAL_SUCCESS"
	Failed    Status = "FAILED"
	Cancelled Status = "CANCELLED"
)

// Statuses lists them.
func Statuses() []Status {
	return []Status{Queued, Running, Paused, Success, Partial, Failed, Cancelled}
}

// Final reports whether nothing can change any more.
func (s Status) Final() bool {
	return s == Success || s == Partial || s == Failed || s == Cancelled
}

// Input is what can happen to a run.
type Input string

// Inputs.
const (
	Claimed   Input = "claimed"
	Asked     Input = "asked"
	Resumed   Input = "resumed"
	Limited   Input = "limited"
	Succeeded Input = "succeeded"
	Partially Input = "partially"
	Broken    Input = "broken"
	Withdrawn Input = "withdrawn"
)

// Inputs lists them.
func Inputs() []Input {
	return []Input{Claimed, Asked, Resumed, Limited, Succeeded, Partially, Broken, Withdrawn}
}

// machine is the whole life of a run: what is not here is refused.
var machine = map[Status]map[Input]Status{
	Queued:  {Claimed: Running, Broken: Failed, Withdrawn: Cancelled},
	Running: {Claimed: Running, Asked: Paused, Resumed: Running, Limited: Paused, Succeeded: Success, Partially: Partial, Broken: Failed, Withdrawn: Cancelled},
	Paused:  {Claimed: Running, Resumed: Running, Limited: Paused, Partially: Partial, Broken: Failed, Withdrawn: Cancelled},
}

// Next gives the status after an input, or ErrOver where it cannot happen.
func Next(status Status, input Input) (Status, error) {
	next, ok := machine[status][input]
	if !ok {
		return status, ErrOver
	}
	return next, nil
}

var told = map[Input]event.Name{
	Succeeded: event.SynchronizationSucceeded, Partially: event.SynchronizationPartial,
	Broken: event.SynchronizationFailed, Withdrawn: event.SynchronizationCancelled,
}

func (s *Synchronization) apply(input Input) error {
	next, err := Next(s.Status, input)
	if err != nil {
		return err
	}
	s.Status = next
	return nil
}
