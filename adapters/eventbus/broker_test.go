package eventbus_test

import (
	"crypto/rand"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/eventbus"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/bus/bustest/natsbroker"
)

// broker is a NATS server in this process.
type broker struct {
	*natsbroker.Broker
	url string
}

func startBroker(t *testing.T) broker {
	t.Helper()
	started, err := natsbroker.Start(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(started.Halt)
	return broker{started, started.URL()}
}

// join opens a bus of one more process.
func (b broker) join(t *testing.T, log *slog.Logger) *eventbus.Shared {
	t.Helper()
	joined, err := eventbus.OpenNATS(eventbus.NATS{URL: secret.New(b.url), Process: rand.Text(), Logger: log, Retry: 10 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, joined.Close()) })
	return joined
}

// carries waits until a bus has its broker, or has none.
func carries(t *testing.T, b *eventbus.Shared, want bool) {
	t.Helper()
	require.Eventually(t, func() bool { return (b.Answers(t.Context()) == nil) == want }, 20*time.Second, 5*time.Millisecond)
}
