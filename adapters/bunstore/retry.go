package bunstore

import (
	"context"
	"errors"
	"io"
	"time"
)

// A database that runs transactions side by side may end one of them for the
// others' sake (a deadlock); it is run again.
const (
	attempts     = 8
	firstPause   = 4 * time.Millisecond
	longestPause = 250 * time.Millisecond
)

// again runs work until it is done or ends otherwise than by such a conflict.
func (s *Store) again(ctx context.Context, work func() error) error {
	for n := 1; ; n++ {
		err := work()
		if !errors.Is(err, errRepeat) || n == attempts {
			return err
		}
		timer := time.NewTimer(pause(n, s.config.IDs.Rand))
		select {
		case <-ctx.Done():
			timer.Stop()
			return errUnavailable.Because(ctx.Err())
		case <-timer.C:
		}
	}
}

// pause before the attempt after the n-th: between half and the whole of what
// doubles each time, so that those who met do not meet again.
func pause(n int, random io.Reader) time.Duration {
	whole := min(firstPause<<(n-1), longestPause)
	var dice [1]byte
	_, _ = io.ReadFull(random, dice[:]) // without, it is the shortest
	return whole/2 + whole/2*time.Duration(dice[0])/255
}
