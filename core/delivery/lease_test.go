package delivery_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
)

var began = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// TestLeases_lose_nothing lets consumers share a queue, die with what they
// have, acknowledge late and out of order, while events come and one consumer
// acknowledges without a lease: no event is lent to two at a time, none that was
// acknowledged is lent again, and in the end every one was acknowledged.
func TestLeases_lose_nothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := &shared{now: began, holder: map[int64]ident.Lease{}, acked: map[int64]bool{}, out: map[ident.Lease]delivery.Lease{}}
		m.queue, _ = delivery.New("que_1", "cli_1", delivery.Filter{}, 0, began)
		t.Repeat(map[string]func(*rapid.T){
			"":       m.holds,
			"happen": func(t *rapid.T) { m.head += rapid.Int64Range(1, 9).Draw(t, "events") },
			"lend":   func(t *rapid.T) { m.lend(t, rapid.IntRange(1, 5).Draw(t, "limit")) },
			"return": m.giveBack,
			"pass": func(t *rapid.T) {
				m.now = m.now.Add(time.Duration(rapid.IntRange(1, 40).Draw(t, "seconds")) * time.Second)
			},
			"plain ack": m.plain,
		})
		m.drain(t)
	})
}

// shared is a queue, and what is true of it. An event's number is wanted unless
// it divides by four: a filter leaves holes in the log.
type shared struct {
	queue  *delivery.Queue
	now    time.Time
	head   int64
	count  int
	holder map[int64]ident.Lease
	acked  map[int64]bool
	out    map[ident.Lease]delivery.Lease
}

func wanted(seq int64) bool { return seq%4 != 0 }

// between are the wanted events of a stretch, so many at most.
func (m *shared) between(after, through int64, limit int) (seqs []int64) {
	for seq := after + 1; seq <= through && len(seqs) < limit; seq++ {
		if wanted(seq) {
			seqs = append(seqs, seq)
		}
	}
	return seqs
}

func (m *shared) lend(t *rapid.T, limit int) int {
	free, err := m.queue.Free(m.now)
	if err != nil {
		require.ErrorIs(t, err, delivery.ErrLeases)
		return 0
	}
	through := m.head
	if free.Through != 0 {
		through = free.Through
	}
	seqs := m.between(free.After, through, limit)
	if len(seqs) == 0 {
		require.Zero(t, free.Through, "a lease that was over was empty")
		return 0
	}
	m.count++
	id := ident.Lease(fmt.Sprint("lea_", m.count))
	lent := m.queue.Lend(id, free, seqs[len(seqs)-1], m.now.Add(30*time.Second))
	for _, seq := range seqs {
		require.False(t, m.acked[seq], "%d was acknowledged", seq)
		if other, held := m.out[m.holder[seq]]; held {
			require.False(t, m.now.Before(other.Until), "%d is with another", seq)
		}
		m.holder[seq] = id
	}
	m.out[id] = lent
	return len(seqs)
}

// giveBack acknowledges some of a lease, which may be over.
func (m *shared) giveBack(t *rapid.T) {
	if m.count == 0 {
		return
	}
	id := ident.Lease(fmt.Sprint("lea_", rapid.IntRange(1, m.count).Draw(t, "lease")))
	seq := rapid.Int64Range(m.out[id].After, m.out[id].Through+1).Draw(t, "up to")
	behind := seq <= m.queue.Acked
	err := m.queue.Return(id, seq)
	if behind {
		require.NoError(t, err)
		return
	}
	if seq > m.out[id].Through {
		require.Error(t, err)
		return
	}
	for _, of := range m.between(m.out[id].After, seq, 1000) {
		if err == nil {
			require.True(t, m.holder[of] == id || m.acked[of], "%d is of another", of)
			m.acked[of] = true
		}
	}
}

func (m *shared) plain(t *rapid.T) {
	if rapid.IntRange(0, 9).Draw(t, "seldom") > 0 {
		return
	}
	seq := rapid.Int64Range(0, m.head).Draw(t, "seq")
	require.NoError(t, m.queue.Ack(seq, m.head))
	for _, of := range m.between(0, seq, 1<<20) {
		m.acked[of] = true
	}
}

func (m *shared) holds(t *rapid.T) {
	end := m.queue.Acked
	for i, l := range m.queue.Leases {
		require.Equal(t, end, l.After, "a gap before lease %d of %v", i, m.queue.Leases)
		require.Less(t, l.After, l.Through)
		require.False(t, i > 0 && l.Done == l.Through && m.queue.Leases[i-1].Done == m.queue.Leases[i-1].Through, "two that are done")
		require.True(t, l.After <= l.Done && l.Done <= l.Through)
		end = l.Through
	}
	for _, seq := range m.between(0, m.queue.Acked, 1<<20) {
		require.True(t, m.acked[seq], "%d is passed over", seq)
	}
}

// drain lets all leases end and one consumer deal with the rest.
func (m *shared) drain(t *rapid.T) {
	m.now = m.now.Add(time.Hour)
	for m.lend(t, 3) > 0 {
		id := ident.Lease(fmt.Sprint("lea_", m.count))
		require.NoError(t, m.queue.Return(id, m.out[id].Through))
		for _, seq := range m.between(m.out[id].After, m.out[id].Through, 1000) {
			m.acked[seq] = true
		}
		m.holds(t)
	}
	for _, seq := range m.between(0, m.head, 1<<20) {
		require.True(t, m.acked[seq], "%d is lost", seq)
	}
	require.Empty(t, m.queue.Leases)
}

func TestLeases_are_bounded(t *testing.T) {
	t.Parallel()
	q, err := delivery.New("que_1", "cli_1", delivery.Filter{}, 0, began)
	require.NoError(t, err)
	for i := range int64(delivery.MaxLeases) {
		free, err := q.Free(began)
		require.NoError(t, err)
		q.Lend(ident.Lease(fmt.Sprint("lea_", i)), free, i+1, began.Add(time.Minute))
	}
	_, err = q.Free(began)
	require.ErrorIs(t, err, delivery.ErrLeases)
	free, err := q.Free(began.Add(time.Hour))
	require.NoError(t, err, "one that is over can be lent again")
	require.Equal(t, delivery.Stretch{After: 0, Through: 1}, free)
}
