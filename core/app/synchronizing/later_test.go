package synchronizing_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// TestRun_says_when_it_is_tried_again, where it is, by itself; and a channel that
// only waits is not what a run failed by.
func TestRun_says_when_it_is_tried_again(t *testing.T) {
	t.Parallel()
	until := epoch.Add(5 * time.Hour)
	limited := &port.Failure{Code: port.RateLimited, Whose: port.Bank, RetryAt: until}
	wrong := &port.Failure{Code: port.AuthFailed, Whose: port.User}
	down := &port.Failure{Code: port.ProviderUnavailable, Whose: port.Bank}
	for name, c := range map[string]struct {
		redirect, embedded *port.Failure
		status             synchronization.Status
		code               string
		retry              bool
	}{
		"Both_read":                    {nil, nil, synchronization.Success, "", false},
		"Both_wait":                    {limited, limited, synchronization.Paused, "", true},
		"One_waits_one_read":           {limited, nil, synchronization.Partial, "RATE_LIMITED", true},
		"One_waits_one_needs_the_user": {limited, wrong, synchronization.Failed, "AUTH_FAILED", true},
		"One_is_down":                  {nil, down, synchronization.Partial, "PROVIDER_UNAVAILABLE", true},
		"Both_need_the_user":           {wrong, wrong, synchronization.Failed, "AUTH_FAILED", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.bothRead()
			made := w.connectBy(redirectID, channelID)
			w.work(made.LastSynchronizationID)
			w.autoSync(made)
			read := w.bank.fetch
			w.bank.fetch = func(ctx context.Context, req port.Fetch, sink port.Sink) error {
				for channel, failure := range map[string]*port.Failure{redirectID: c.redirect, channelID: c.embedded} {
					if channel == req.Session.ChannelID && failure != nil {
						return failure
					}
				}
				return read(ctx, req, sink)
			}
			run := w.again(made, synchronization.All)
			require.Equal(t, c.status, run.Status)
			if c.code != "" {
				require.Equal(t, c.code, run.Problem.Code)
			}
			require.Equal(t, !c.retry, run.Next().IsZero(), "%s", run.Next())
			if c.retry {
				require.True(t, run.Next().After(w.now()))
			}
			if c.redirect == limited {
				require.Equal(t, connection.RateLimited, w.connection(made.ID).Channels[0].Status)
				require.Equal(t, until, run.Next(), "the first of them")
			}
		})
	}
}

// autoSync has a connection read every day.
func (w *world) autoSync(c *connection.Connection) {
	require.NoError(w.t, w.store.Update(w.ctx, store.Fence{}, func(tx store.Tx) error {
		kept, err := tx.Connections().Get(w.ctx, store.Owner{Client: c.ClientID, User: c.UserID}, c.ID)
		if err != nil {
			return err
		}
		kept.AutoSync = true
		return tx.Connections().Put(w.ctx, kept)
	}))
}
