package planning_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

// soonest and latest are, from noon on, when a channel is read next that ended
// with a status; none is never by itself. The bank said in three hours.
var table = map[connection.ChannelStatus][2]time.Duration{
	connection.ChannelRunning:         daily,
	connection.ChannelSuccess:         daily,
	connection.ChannelPartial:         daily,
	connection.ChannelEmpty:           daily,
	connection.RateLimited:            {3 * time.Hour, 3*time.Hour + 10*time.Minute},
	connection.ProviderUnavailable:    {3 * time.Hour, 3*time.Hour + 10*time.Minute},
	connection.TechnicalError:         {3 * time.Hour, 3*time.Hour + 10*time.Minute},
	connection.AuthFailed:             never,
	connection.AccountLocked:          never,
	connection.TokenExpired:           never,
	connection.PasswordChangeRequired: never,
	connection.ChallengeRequired:      never,
	connection.UserActionRequired:     never,
	connection.Blocked:                never,
	connection.ChannelClosed:          never,
}

var (
	never = [2]time.Duration{}
	daily = [2]time.Duration{12 * time.Hour, 36*time.Hour + 10*time.Minute}
)

func ended(status connection.ChannelStatus, definition string) connection.Channel {
	c := connection.Channel{DefinitionID: definition, Status: status, RetryAt: noon.Add(3 * time.Hour), SealedCredentials: []byte("sealed")}
	if status == connection.ProviderUnavailable || status == connection.TechnicalError {
		c.Failures = 1
	}
	return c
}

// TestPlan is every pair of channels × whether the user wants it.
func TestPlan(t *testing.T) {
	t.Parallel()
	for _, a := range connection.ChannelStatuses() {
		require.Contains(t, table, a)
		for _, b := range connection.ChannelStatuses() {
			for _, auto := range []bool{true, false} {
				c := &connection.Connection{ID: "con_1", ProviderID: "oak", AutoSync: auto, Channels: []connection.Channel{ended(a, "oak-embedded"), ended(b, "oak-redirect")}}
				require.NoError(t, planning.Planner{}.Plan(t.Context(), c, noon))
				if !auto {
					require.Zero(t, c.NextSynchronizationAt, "%s %s", a, b)
					require.Zero(t, c.Channels[0].NextAt)
					require.Zero(t, c.Channels[1].NextAt)
					continue
				}
				requireIn(t, table[a], c.Channels[0].NextAt, a)
				requireIn(t, table[b], c.Channels[1].NextAt, b)
				require.Equal(t, schedule.Next(noon, c.Channels[0].NextAt, c.Channels[1].NextAt), c.NextSynchronizationAt, "the earliest of %s and %s", a, b)
				if connection.RuleOf(a).Retries {
					require.False(t, c.Channels[0].RetryAt.IsZero(), a)
				}
			}
		}
	}
}

func requireIn(t *testing.T, window [2]time.Duration, at time.Time, status connection.ChannelStatus) {
	t.Helper()
	if window == never {
		require.Zero(t, at, status)
		return
	}
	require.False(t, at.Before(noon.Add(window[0])), "%s %v", status, at)
	require.False(t, at.After(noon.Add(window[1])), "%s %v", status, at)
}

func TestPlan_of_what_has_nothing_to_read(t *testing.T) {
	t.Parallel()
	dropped := ended(connection.ChannelEmpty, "oak-embedded")
	dropped.SealedCredentials = nil
	require.Equal(t, schedule.Nothing, planning.NeedOf(dropped))
	require.Equal(t, schedule.User, planning.NeedOf(connection.Channel{Status: "OF_A_LATER_VERSION"}), "no bank is asked by mistake")
}

func TestPlanner_minds_what_the_bank_wants(t *testing.T) {
	t.Parallel()
	banks := usecasetest.NewCatalogue()
	all, err := banks.Providers(t.Context())
	require.NoError(t, err)
	all[0].Channels[0].Limits = provider.Limits{MinInterval: 40 * time.Hour, Concurrency: 7}
	all[0].Channels[1].Limits = provider.Limits{Concurrency: 3}
	banks.Set(all...)
	p := planning.Planner{Catalogue: banks}
	c := &connection.Connection{ID: "con_1", ProviderID: "oak", AutoSync: true, Channels: []connection.Channel{ended(connection.ChannelSuccess, "oak-embedded")}}
	require.NoError(t, p.Plan(t.Context(), c, noon))
	require.Equal(t, noon.Add(40*time.Hour), c.Channels[0].NextAt)
	require.Equal(t, noon.Add(schedule.Horizon), c.NextSynchronizationAt)
	most, err := p.Concurrency(t.Context(), "oak")
	require.NoError(t, err)
	require.Equal(t, 3, most)
	most, err = p.Concurrency(t.Context(), "gone")
	require.NoError(t, err)
	require.Zero(t, most)
}

func TestAccounts_are_tried_with_the_channel_that_feeds_them(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	soon, later := noon.Add(time.Hour), noon.Add(5*time.Hour)
	c, err := connection.New("con_1", w.Acme.ID, w.Ana.ID, "oak", "Oak", []connection.Channel{{DefinitionID: "a"}, {DefinitionID: "b"}}, true, noon)
	require.NoError(t, err)
	c.Channels[0].NextAt = soon
	w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Connections().Put(ctx, c) })
	fed := ledger.Account{ConnectionID: c.ID, FedBy: "a"}
	limited, orphan, closed := fed, fed, fed
	limited.NextTryAt, orphan.FedBy, orphan.NextTryAt, closed.Status = later, "b", later, ledger.Closed
	w.View(func(ctx context.Context, tx store.Tx) error {
		return planning.Accounts(ctx, tx, &fed, &limited, &orphan, &closed)
	})
	require.Equal(t, soon, fed.NextTryAt)
	require.Equal(t, later, limited.NextTryAt, "its bank does not allow it before")
	require.Zero(t, orphan.NextTryAt, "nothing reads it by itself")
	require.Zero(t, closed.NextTryAt)
}
