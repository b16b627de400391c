package delivery_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
)

func TestAck_never_goes_back_nor_ahead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		head := rapid.Int64Range(0, 100).Draw(t, "head")
		q, err := delivery.New("que_1", "cli_1", delivery.Filter{}, 0, time.Time{})
		require.NoError(t, err)
		for _, seq := range rapid.SliceOf(rapid.Int64Range(-1, 120)).Draw(t, "acks") {
			before := q.Acked
			if err := q.Ack(seq, head); seq > head {
				require.ErrorIs(t, err, delivery.ErrAhead)
				require.Equal(t, before, q.Acked)
			}
			require.GreaterOrEqual(t, q.Acked, before)
			require.LessOrEqual(t, q.Acked, head)
		}
	})
}

func TestNew_refuses_unknown_events(t *testing.T) {
	t.Parallel()
	_, err := delivery.New("que_1", "cli_1", delivery.Filter{Names: []event.Name{"nothing.happened"}}, 0, time.Time{})
	require.ErrorIs(t, err, event.ErrName)
}
