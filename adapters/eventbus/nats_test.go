package eventbus_test

import (
	"bytes"
	"context"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/eventbus"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/bus/bustest"
)

const (
	alpha ident.Client = "cli_00000000000000000000000000"
	beta  ident.Client = "cli_11111111111111111111111111"
)

// apart publishes in one process and listens in another.
type apart struct {
	bus.Bus
	other bus.Bus
}

func (a apart) Publish(ctx context.Context, hint bus.Hint) { a.other.Publish(ctx, hint) }

func TestNATS(t *testing.T) {
	t.Parallel()
	t.Run("in one process", func(t *testing.T) {
		t.Parallel()
		bustest.Run(t, func(t *testing.T) bus.Bus { return startBroker(t).join(t, nil) })
	})
	t.Run("between two", func(t *testing.T) {
		t.Parallel()
		bustest.Run(t, func(t *testing.T) bus.Bus {
			broker := startBroker(t)
			return apart{Bus: broker.join(t, nil), other: broker.join(t, nil)}
		})
	})
	t.Run("without a broker", func(t *testing.T) {
		t.Parallel()
		bustest.Run(t, func(t *testing.T) bus.Bus {
			broker := startBroker(t)
			broker.Halt()
			return broker.join(t, nil)
		})
	})
}

// hear publishes at one bus until a listener of another hears it.
func hear(t *testing.T, from bus.Bus, hint bus.Hint, hints <-chan bus.Hint) {
	t.Helper()
	require.Eventually(t, func() bool {
		from.Publish(t.Context(), hint)
		select {
		case heard := <-hints:
			return heard == hint
		case <-time.After(10 * time.Millisecond):
			return false
		}
	}, 20*time.Second, time.Millisecond)
}

// TestNATS_comes_back with a broker that forgot everything.
func TestNATS_comes_back(t *testing.T) {
	t.Parallel()
	broker := startBroker(t)
	one, two := broker.join(t, nil), broker.join(t, nil)
	hints, err := one.Listen(t.Context(), alpha)
	require.NoError(t, err)
	for round := range int64(3) {
		carries(t, one, true)
		carries(t, two, true)
		hear(t, two, bus.Hint{Client: alpha, Seq: 2*round + 1}, hints)
		broker.Halt()
		carries(t, one, false)
		carries(t, two, false)
		here := bus.Hint{Client: beta, Seq: round}
		own, err := two.Listen(t.Context(), beta)
		require.NoError(t, err)
		hear(t, two, here, own) // who is in the same process needs no broker
		require.NoError(t, broker.Resume())
	}
}

// TestNATS_tells_what_was_missed: who was cut off hears the furthest hint when it
// is back, and who joins later does.
func TestNATS_tells_what_was_missed(t *testing.T) {
	t.Parallel()
	broker := startBroker(t)
	one := broker.join(t, nil)
	carries(t, one, true)
	for seq := range int64(100) {
		one.Publish(t.Context(), bus.Hint{Client: alpha, Seq: seq})
	}
	require.Eventually(t, func() bool {
		late := broker.join(t, nil)
		hints, err := late.Listen(t.Context(), alpha)
		require.NoError(t, err)
		select {
		case heard := <-hints:
			return heard.Seq == 99
		case <-time.After(time.Second):
			return false
		}
	}, 20*time.Second, time.Millisecond)
}

// TestNATS_loses_its_stream while it is connected, and makes a new one.
func TestNATS_loses_its_stream(t *testing.T) {
	t.Parallel()
	broker := startBroker(t)
	one, two := broker.join(t, nil), broker.join(t, nil)
	hints, err := one.Listen(t.Context(), alpha)
	require.NoError(t, err)
	hear(t, two, bus.Hint{Client: alpha, Seq: 1}, hints)
	conn, err := nats.Connect(broker.url)
	require.NoError(t, err)
	defer conn.Close()
	manager, err := conn.JetStream()
	require.NoError(t, err)
	require.NoError(t, manager.DeleteStream("TRIBUTARY_HINTS"))
	hear(t, two, bus.Hint{Client: alpha, Seq: 2}, hints)
}

// TestNATS_bears_nonsense that anybody whom the broker lets in may write.
func TestNATS_bears_nonsense(t *testing.T) {
	t.Parallel()
	broker := startBroker(t)
	one, two := broker.join(t, nil), broker.join(t, nil)
	hints, err := one.Listen(t.Context(), alpha)
	require.NoError(t, err)
	hear(t, two, bus.Hint{Client: alpha, Seq: 1}, hints)
	conn, err := nats.Connect(broker.url)
	require.NoError(t, err)
	defer conn.Close()
	for _, nonsense := range []*nats.Msg{
		{Subject: "tributary.hints." + string(alpha), Data: []byte("nonsense")},
		{Subject: "tributary.hints." + string(alpha)},
		{Subject: "tributary.hints.x", Data: []byte(`{"seq":4}`)},
		{Subject: "tributary.hints." + string(alpha), Data: []byte(`{"seq":2}`), Header: nats.Header{"Nats-Msg-Id": {"a", "b"}, "Twice": {"a", "b"}}},
	} {
		require.NoError(t, conn.PublishMsg(nonsense))
	}
	require.NoError(t, conn.Flush())
	hear(t, two, bus.Hint{Client: alpha, Seq: 3}, hints)
}

// TestNATS_needs_one_subscription for a thousand readers.
func TestNATS_needs_one_subscription(t *testing.T) {
	t.Parallel()
	broker := startBroker(t)
	one, two := broker.join(t, nil), broker.join(t, nil)
	carries(t, one, true)
	carries(t, two, true)
	before := broker.Subscriptions()
	var all []<-chan bus.Hint
	for range 1000 {
		hints, err := one.Listen(t.Context(), alpha)
		require.NoError(t, err)
		all = append(all, hints)
	}
	require.Equal(t, before, broker.Subscriptions())
	for _, hints := range all {
		hear(t, two, bus.Hint{Client: alpha, Seq: 1}, hints)
	}
}

// TestNATS_keeps_its_password to itself.
func TestNATS_keeps_its_password(t *testing.T) {
	t.Parallel()
	var told safe
	log := slog.New(slog.NewTextHandler(&told, &slog.HandlerOptions{Level: slog.LevelDebug}))
	broker := startBroker(t)
	password := broker.Password()
	joined := broker.join(t, log)
	carries(t, joined, true)
	broker.Halt()
	carries(t, joined, false)
	broker.Forbid() // and now it is refused
	require.NoError(t, broker.Resume())
	require.Eventually(t, func() bool {
		err := joined.Answers(t.Context())
		return err != nil && strings.Contains(err.Error(), "Authorization")
	}, 20*time.Second, time.Millisecond)
	require.NotContains(t, told.String(), password)
	require.Contains(t, told.String(), "no broker answers")
	require.NotContains(t, joined.Answers(t.Context()).Error(), password)
	for _, wrong := range []string{
		"", "nats", "nats://", "http://u:" + password + "@h:1", "nats://u:" + password + "@h:port", "nats://h:4222/x", "nats://h?a=" + password,
		"nats://h:4222,", "nats://h:4222,\x7f" + password, "nats://u:" + password + "%zz@h:4222",
	} {
		_, err := eventbus.OpenNATS(eventbus.NATS{URL: secret.New(wrong)})
		require.Equal(t, eventbus.ErrAddress, err, wrong)
		require.Equal(t, eventbus.ErrAddress, eventbus.ProbeNATS(secret.New(wrong)))
	}
}

// safe is a log that is written and read at once.
type safe struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safe) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safe) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestNATS_leaves_nothing_behind runs alone: it looks at all goroutines. Those of the broker in this process come and go.
func TestNATS_leaves_nothing_behind(t *testing.T) {
	broker := startBroker(t)
	for range 6 {
		joined, err := eventbus.OpenNATS(eventbus.NATS{URL: secret.New(broker.url)})
		require.NoError(t, err)
		carries(t, joined, true)
		require.NotEmpty(t, ours(), "what is looked for below is there now")
		require.NoError(t, joined.Close())
		require.NoError(t, joined.Close(), "closing twice is no trouble")
	}
	require.NoError(t, eventbus.ProbeNATS(secret.New(broker.url)))
	require.Eventually(t, func() bool { return len(ours()) == 0 }, time.Minute, 10*time.Millisecond, "goroutines are left")
}

// ours are the goroutines of the bus and of the client that it uses.
func ours() (found []string) {
	all := make([]byte, 1<<22)
	all = all[:runtime.Stack(all, true)]
	for _, one := range strings.Split(string(all), "\n\n") {
		if strings.Contains(one, "nats-io/nats.go") || strings.Contains(one, "/adapters/eventbus.") {
			found = append(found, one)
		}
	}
	return found
}
