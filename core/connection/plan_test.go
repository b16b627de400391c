package connection_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
)

func TestFinish_that_needs_the_user_always_says_so(t *testing.T) {
	t.Parallel()
	needing := []connection.ChannelStatus{
		connection.AuthFailed, connection.AccountLocked, connection.TokenExpired, connection.PasswordChangeRequired,
		connection.ChallengeRequired, connection.UserActionRequired, connection.Blocked,
	}
	for _, status := range connection.ChannelStatuses() {
		c := connect(t, "psd2", "web")
		finish(t, c, "psd2", connection.Blocked, 0) // the connection is FAILED, whatever comes
		c.Drain()
		finish(t, c, "web", status, 0)
		var told []string
		for _, draft := range c.Drain() {
			if draft.Data["required_action"] != nil {
				told = append(told, draft.ChannelDefinition)
			}
		}
		if connection.NeedsUser(status) {
			require.Contains(t, needing, status)
			require.Equal(t, []string{"web"}, told, status)
			continue
		}
		require.NotContains(t, needing, status)
		require.Empty(t, told, status)
	}
}

func TestPlan_stands_until_the_next_outcome(t *testing.T) {
	t.Parallel()
	c := connect(t, "psd2", "web")
	finish(t, c, "psd2", connection.ChannelSuccess, 0)
	finish(t, c, "web", connection.ProviderUnavailable, 0)
	soon, later := noon.Add(time.Hour), noon.Add(24*time.Hour)
	c.Plan(soon, []time.Time{later, soon})
	require.Equal(t, soon, c.NextSynchronizationAt)
	require.Zero(t, c.Channels[0].RetryAt, "a success is not tried again")
	require.Equal(t, soon, c.Channels[1].RetryAt)
	require.Empty(t, c.Due(soon.Add(-1)))
	require.Equal(t, []string{"web"}, c.Due(soon))
	require.Equal(t, []string{"psd2", "web"}, c.Due(later))

	c.Start("syn_2", "web")
	require.Equal(t, connection.ChannelSuccess, c.Channels[0].Status, "a channel that is not read stays what it is")
	require.Equal(t, later, c.Channels[0].NextAt)
	require.Zero(t, c.Channels[1].NextAt)
	require.NoError(t, c.Finish("web", connection.Outcome{Status: connection.RateLimited, RetryAt: later}, noon))
	c.Plan(soon, []time.Time{soon, soon})
	require.Equal(t, later, c.Channels[1].RetryAt, "the bank's own word stands")
	require.NoError(t, c.Finish("web", connection.Outcome{Status: connection.ChannelPartial}, noon))
	c.Plan(soon, []time.Time{soon, soon})
	require.Equal(t, soon, c.Channels[1].RetryAt)
	c.Plan(time.Time{}, []time.Time{{}, {}})
	require.Zero(t, c.Channels[1].RetryAt, "a plan that is given up is none to tell of")
}

func TestFailures_are_counted_in_a_row(t *testing.T) {
	t.Parallel()
	c := connect(t, "web")
	for _, step := range []struct {
		status connection.ChannelStatus
		count  int
	}{
		{connection.ProviderUnavailable, 1}, {connection.ChannelRunning, 1}, {connection.TechnicalError, 2}, {connection.RateLimited, 2},
		{connection.ChannelSuccess, 0}, {connection.TechnicalError, 1}, {connection.AuthFailed, 0}, {connection.ProviderUnavailable, 0},
		{connection.ChannelSuccess, 0}, {connection.ProviderUnavailable, 1},
	} {
		finish(t, c, "web", step.status, 0)
		require.Equal(t, step.count, c.Channels[0].Failures, step.status)
	}
	c.Start("syn_2")
	c.Calm()
	require.Equal(t, 1, c.Channels[0].Failures, "that it was cancelled is not one more")
}

// A channel that needs its user is no other for a run that came to nothing: else
// it would be tried again without them, with a password that is wrong for instance.
func TestFinish_keeps_what_needs_the_user(t *testing.T) {
	t.Parallel()
	for _, standing := range connection.ChannelStatuses() {
		for _, outcome := range connection.ChannelStatuses() {
			for act, does := range map[string]func(c *connection.Connection) error{
				"": func(*connection.Connection) error { return nil },
				// what the bank let in, or was never tried, is tried again by itself
				"entered": func(c *connection.Connection) error { return c.Enter("web") },
				"renewed": func(c *connection.Connection) error { return c.Renew("web") },
			} {
				c := connect(t, "web")
				finish(t, c, "web", standing, 0)
				if act == "renewed" {
					require.NoError(t, does(c))
				}
				c.Start("syn_2")
				if act == "entered" {
					require.NoError(t, does(c))
				}
				finish(t, c, "web", outcome, 0)
				stays := connection.NeedsUser(standing) && act != "entered" && (act != "renewed" || standing != connection.AuthFailed) &&
					(outcome == connection.RateLimited || outcome == connection.ProviderUnavailable ||
						(outcome == connection.TechnicalError && standing != connection.ChallengeRequired))
				want := outcome
				if stays {
					want = standing
				}
				require.Equal(t, want, c.Channels[0].Status, "%s after %s, %s", outcome, standing, act)
			}
		}
	}
}
