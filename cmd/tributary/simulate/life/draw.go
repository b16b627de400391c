package life

import (
	"math/rand/v2"
	"time"
)

// draw makes choices that follow from a seed.
type draw struct{ *rand.Rand }

// newDraw makes independent choices for each thing a life consists of, so that
// taking one away does not change the others.
func newDraw(seed uint64, of ...uint64) draw {
	stream := uint64(0x9e3779b97f4a7c15)
	for _, part := range of {
		stream = (stream ^ part) * 0xbf58476d1ce4e5b9
		stream ^= stream >> 29
	}
	return draw{rand.New(rand.NewPCG(seed, stream))} //nolint:forbidigo,gosec // the seed is injected, and nothing here is secret
}

// chance is true in so many of a thousand cases.
func (d draw) chance(perMille int) bool { return d.IntN(1000) < perMille }

// between draws from both ends included.
func (d draw) between(from, to int) int { return from + d.IntN(to-from+1) }

func (d draw) hours(from, to int) time.Duration {
	return time.Duration(d.between(from*60, to*60)) * time.Minute
}

func pick[T any](d draw, all ...T) T { return all[d.IntN(len(all))] }

// weighted draws one of several by their weights.
func weighted[T any](d draw, all []T, weight func(T) int) T {
	sum := 0
	for _, one := range all {
		sum += weight(one)
	}
	left := d.IntN(sum)
	for _, one := range all {
		if left -= weight(one); left < 0 {
			return one
		}
	}
	return all[len(all)-1]
}
