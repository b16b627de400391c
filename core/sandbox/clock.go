package sandbox

import (
	"time"

	"github.com/tributary-dev/tributary/core/fault"
)

// MaxOffset is how far the clock may be from real time, either way: as far as
// the test bank goes.
const MaxOffset = 30 * 366 * 24 * time.Hour

// Clock is how far the sandbox is from real time. The zero Clock was never moved.
type Clock struct {
	Offset time.Duration
	// Revision rises with each move.
	Revision int64
}

// Movement says where the clock goes: on or back by a time, or to an instant.
type Movement struct {
	Advance *time.Duration
	Now     *time.Time
}

// Errors.
var (
	ErrMovement = fault.New(fault.Invalid, "invalid_movement", "The clock is moved either by a time or to an instant.")
	ErrTooFar   = fault.New(fault.Invalid, "clock_too_far", "The clock moves in whole seconds, to at most thirty years from real time.")
)

// Now is the sandbox's time at a real one.
func (c Clock) Now(really time.Time) time.Time { return really.Add(c.Offset) }

// Move moves the clock at a real time. An instant is reached or just passed, by
// less than a second: what is to happen then has happened.
func (c *Clock) Move(m Movement, really time.Time) error {
	if (m.Advance == nil) == (m.Now == nil) {
		return ErrMovement
	}
	var by time.Duration
	if m.Advance != nil {
		by = *m.Advance
		if by%time.Second != 0 || by.Abs() > 2*MaxOffset {
			return ErrTooFar.With(fault.At("body.advance", "is no acceptable time"))
		}
		by += c.Offset
	} else {
		by = m.Now.Sub(really)
		if rest := by % time.Second; rest > 0 {
			by += time.Second - rest
		} else {
			by -= rest
		}
	}
	if by.Abs() > MaxOffset {
		return ErrTooFar
	}
	c.Offset, c.Revision = by, c.Revision+1
	return nil
}
