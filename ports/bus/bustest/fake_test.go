package bustest_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/bus/bustest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFake(t *testing.T) {
	t.Parallel()
	bustest.Run(t, func(*testing.T) bus.Bus { return bustest.NewFake() })
}

func TestFakeRemembers(t *testing.T) {
	t.Parallel()
	fake := bustest.NewFake()
	fake.Publish(t.Context(), bus.Hint{Client: "cli_a", Seq: 4})
	require.Equal(t, []bus.Hint{{Client: "cli_a", Seq: 4}}, fake.Published())
}
