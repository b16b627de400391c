// Package bustest owns the contract of ports/bus: a suite that every bus
// passes, and Fake, a bus in memory that passes it too. It knows no broker.
//
// Invariant: nothing here asserts more than the port promises. A hint may be
// lost or doubled; it may not block who publishes, reach another client, or
// come after the listener's end.
package bustest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
)

// patience is how long the suite waits for what must happen soon.
const patience = time.Minute

const (
	alpha ident.Client = "cli_00000000000000000000000000"
	beta  ident.Client = "cli_11111111111111111111111111"
)

// Run holds the buses of open to the contract. open closes what it opens when
// the test ends.
func Run(t *testing.T, open func(t *testing.T) bus.Bus) {
	cases := map[string]func(*testing.T, bus.Bus){
		"Listener_hears_its_client":           hears,
		"Listener_hears_no_other_client":      hearsNoOther,
		"Every_listener_hears":                everyListener,
		"Nobody_listening_is_no_trouble":      nobodyListens,
		"Slow_listener_blocks_nobody":         slowListener,
		"End_of_context_closes_the_channel":   contextCloses,
		"Ended_context_listens_to_nothing":    endedListens,
		"Publishing_with_an_ended_context":    endedPublishes,
		"Comings_and_goings_under_publishing": comingsAndGoings,
	}
	for name, check := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open(t))
		})
	}
}

func listen(ctx context.Context, t *testing.T, b bus.Bus, client ident.Client) <-chan bus.Hint {
	t.Helper()
	hints, err := b.Listen(ctx, client)
	require.NoError(t, err)
	return hints
}

// hear publishes until the listener hears something: any single hint may be
// lost.
func hear(t *testing.T, b bus.Bus, hint bus.Hint, hints <-chan bus.Hint) bus.Hint {
	t.Helper()
	deadline := time.After(patience)
	for {
		b.Publish(t.Context(), hint)
		select {
		case heard, open := <-hints:
			require.True(t, open, "closed while its context lives")
			return heard
		case <-time.After(20 * time.Millisecond):
		case <-deadline:
			require.Fail(t, "no hint arrives")
		}
	}
}

func hears(t *testing.T, b bus.Bus) {
	hints := listen(t.Context(), t, b, alpha)
	sent := bus.Hint{Client: alpha, Seq: 1<<53 + 1} // more than a float can count
	require.Equal(t, sent, hear(t, b, sent, hints))
}

func hearsNoOther(t *testing.T, b bus.Bus) {
	hints := listen(t.Context(), t, b, alpha)
	others := listen(t.Context(), t, b, beta)
	for seq := range int64(20) {
		b.Publish(t.Context(), bus.Hint{Client: beta, Seq: seq})
	}
	require.Equal(t, beta, hear(t, b, bus.Hint{Client: beta, Seq: 20}, others).Client)
	sent := bus.Hint{Client: alpha, Seq: 7}
	require.Equal(t, sent, hear(t, b, sent, hints), "a hint that was another client's")
}

func everyListener(t *testing.T, b bus.Bus) {
	sent := bus.Hint{Client: alpha, Seq: 3}
	one, two := listen(t.Context(), t, b, alpha), listen(t.Context(), t, b, alpha)
	require.Equal(t, sent, hear(t, b, sent, one))
	require.Equal(t, sent, hear(t, b, sent, two))
}

func nobodyListens(t *testing.T, b bus.Bus) {
	for seq := range int64(1000) {
		b.Publish(t.Context(), bus.Hint{Client: alpha, Seq: seq})
	}
}

// slowListener: thousands of hints that nobody reads neither hold up who
// publishes nor who listens beside; afterwards the slow one hears again.
func slowListener(t *testing.T, b bus.Bus) {
	slow := listen(t.Context(), t, b, alpha)
	published := make(chan struct{})
	go func() {
		defer close(published)
		for seq := range int64(5000) {
			b.Publish(t.Context(), bus.Hint{Client: alpha, Seq: seq})
		}
	}()
	select {
	case <-published:
	case <-time.After(patience):
		require.Fail(t, "publishing waits for a listener")
	}
	quick := listen(t.Context(), t, b, alpha)
	require.Equal(t, alpha, hear(t, b, bus.Hint{Client: alpha, Seq: 5000}, quick).Client)
	require.Eventually(t, func() bool {
		return hear(t, b, bus.Hint{Client: alpha, Seq: 9000}, slow).Seq == 9000
	}, patience, time.Millisecond, "a listener that was slow once never catches up")
}

func contextCloses(t *testing.T, b bus.Bus) {
	ctx, cancel := context.WithCancel(t.Context())
	hints := listen(ctx, t, b, alpha)
	beside := listen(t.Context(), t, b, alpha)
	b.Publish(t.Context(), bus.Hint{Client: alpha, Seq: 1})
	cancel()
	deadline := time.After(patience)
	for open := true; open; {
		select {
		case _, open = <-hints:
		case <-deadline:
			require.Fail(t, "the channel stays open")
		}
	}
	hear(t, b, bus.Hint{Client: alpha, Seq: 2}, beside)
}

func endedListens(t *testing.T, b bus.Bus) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hints, err := b.Listen(ctx, alpha)
	if err != nil {
		require.ErrorIs(t, err, context.Canceled)
		return
	}
	select {
	case _, open := <-hints:
		require.False(t, open)
	case <-time.After(patience):
		require.Fail(t, "the channel stays open")
	}
}

func endedPublishes(t *testing.T, b bus.Bus) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	hints := listen(t.Context(), t, b, alpha)
	b.Publish(ctx, bus.Hint{Client: alpha, Seq: 1}) // may be lost; must not panic or block
	sent := bus.Hint{Client: alpha, Seq: 2}
	require.Equal(t, alpha, hear(t, b, sent, hints).Client)
}

func comingsAndGoings(t *testing.T, b bus.Bus) {
	var all sync.WaitGroup
	for i := range 8 {
		client := ident.Client(fmt.Sprintf("cli_%026d", i%3))
		all.Go(func() {
			for seq := range int64(200) {
				b.Publish(t.Context(), bus.Hint{Client: client, Seq: seq})
			}
		})
		all.Go(func() {
			for range 20 {
				ctx, cancel := context.WithCancel(t.Context())
				hints, err := b.Listen(ctx, client)
				cancel()
				if err != nil {
					continue
				}
				for hint := range hints {
					if hint.Client != client {
						panic("bustest: a hint of another client")
					}
				}
			}
		})
	}
	all.Wait()
}
