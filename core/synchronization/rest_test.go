package synchronization_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/synchronization"
)

func TestRest_waits_for_the_bank_and_begins_again(t *testing.T) {
	t.Parallel()
	later := noon.Add(5 * time.Hour)
	s := claimed(t, 2)
	s.PSU = &synchronization.PSU{IP: "192.0.2.1"}
	require.False(t, s.Limited())
	for i := range s.Legs {
		s.Legs[i] = synchronization.Leg{ChannelDefinition: s.Legs[i].ChannelDefinition, Phase: synchronization.Lost, Code: "RATE_LIMITED", SealedState: []byte("x")}
	}
	require.True(t, s.Limited())
	require.False(t, s.Alone())
	require.NoError(t, s.Rest(later))
	require.Equal(t, synchronization.Paused, s.Status)
	require.True(t, s.Rests())
	require.Equal(t, later, s.RetryAt)
	require.Zero(t, s.DueAt, "nothing wakes it earlier")
	require.Empty(t, s.Lease.Owner)
	require.Equal(t, queued(2).Legs, s.Legs)
	require.Nil(t, s.PSU, "whoever was there has gone")
	drafts := s.Drain()
	require.Equal(t, []event.Name{event.SynchronizationRateLimited}, names(drafts))
	require.Equal(t, "2026-03-12T17:00:00Z", drafts[0].Data["retry_at"])

	require.NoError(t, s.Claim("node", later, later.Add(time.Minute)))
	require.False(t, s.Rests())
	require.True(t, s.Alone(), "nobody may be asked")
	require.Empty(t, s.Drain(), "it started before")
	require.NoError(t, s.Rest(later.Add(time.Hour)))
	require.NoError(t, s.Cancel(later))
	require.ErrorIs(t, s.Rest(later), synchronization.ErrOver)
	require.False(t, s.Rests())
}
