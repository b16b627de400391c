package connection_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
)

// TestAdvise is every status, cause and time of a channel, with and without
// synchronization every day: nothing is promised without a time, and nobody is
// sent off without being told what to do.
func TestAdvise(t *testing.T) {
	t.Parallel()
	soon, later := noon.Add(time.Hour), noon.Add(24*time.Hour)
	own := bank.Text{"en": "Said by the bank.", "fr": "Dit par la banque."}
	for _, status := range connection.ChannelStatuses() {
		for _, cause := range []string{"", "SESSION_LOST", "CHALLENGE_EXPIRED", "REFUSED", "ANYTHING"} {
			for _, daily := range []bool{false, true} {
				for _, retry := range []time.Time{{}, soon} {
					for _, next := range []time.Time{{}, later} {
						for _, message := range []bank.Text{nil, own, connection.Sentence(status)} {
							for _, asked := range []*connection.Challenge{nil, {ChannelDefinition: "a", ExpiresAt: soon}, {ChannelDefinition: "b", ExpiresAt: soon}} {
								channel := connection.Channel{DefinitionID: "a", Status: status, Cause: cause, RetryAt: retry, Message: message}
								c := &connection.Connection{AutoSync: daily, NextSynchronizationAt: next, Channels: []connection.Channel{channel}}
								requireAdvice(t, c.Advise(channel, asked), c, channel, asked)
							}
						}
					}
				}
			}
		}
	}
}

// promises are how our sentences say that we try again.
var promises = []string{"We will", "we try again", "Nous ré", "nous ré", "Nous rep"}

func requireAdvice(t *testing.T, a connection.Advice, c *connection.Connection, channel connection.Channel, asked *connection.Challenge) {
	t.Helper()
	what := []any{"%+v of %+v", a, channel}
	for _, locale := range []string{"en", "fr"} {
		require.NotEmpty(t, a.Message[locale], what...)
		require.NotEmpty(t, a.Todo[locale], what...)
		for _, promise := range promises {
			if strings.Contains(a.Message[locale]+a.Todo[locale], promise) {
				require.NotZero(t, a.RetryAt, what...)
			}
		}
	}
	answering := asked != nil && asked.ChannelDefinition == "a" && channel.Status == connection.ChannelRunning
	require.Equal(t, answering, a.Action == connection.ActionAnswerChallenge, what...)
	if answering {
		require.Equal(t, asked.ExpiresAt, a.ExpiresAt)
	}
	if a.Turn == connection.TurnUser {
		require.NotEqual(t, connection.ActionNone, a.Action, what...)
		require.NotEqual(t, connection.ActionWait, a.Action, what...)
		require.Zero(t, a.RetryAt, what...)
	}
	require.Equal(t, a.Action == connection.ActionWait, !a.RetryAt.IsZero(), what...)
	quiet := []connection.ChannelStatus{"RUNNING", "SUCCESS", "EMPTY", "CLOSED"}
	require.Equal(t, slices.Contains(quiet, channel.Status) && !answering, a.Action == connection.ActionNone, what...)
	require.Equal(t, whose(c, channel, answering), a.Turn, what...)
	if len(channel.Message) > 0 && channel.Message["en"] == "Said by the bank." && !answering {
		require.Equal(t, channel.Message, a.Message, "the bank's own words stand")
	}
}

// whose restates by hand whose move it is.
func whose(c *connection.Connection, channel connection.Channel, answering bool) connection.Turn {
	timed := (c.AutoSync && (!channel.RetryAt.IsZero() || !c.NextSynchronizationAt.IsZero()))
	switch channel.Status {
	case "SUCCESS", "EMPTY", "CLOSED":
		return "NOBODY"
	case "RUNNING":
		if answering {
			return "USER"
		}
		return "US"
	case "RATE_LIMITED", "PROVIDER_UNAVAILABLE":
		if timed {
			return "BANK"
		}
	case "PARTIAL_SUCCESS", "TECHNICAL_ERROR":
		if timed {
			return "US"
		}
	}
	return "USER"
}

func TestAdvise_says_when(t *testing.T) {
	t.Parallel()
	soon, later := noon.Add(time.Hour), noon.Add(24*time.Hour)
	c := &connection.Connection{AutoSync: true, NextSynchronizationAt: later}
	channel := connection.Channel{Status: connection.ProviderUnavailable}
	require.Equal(t, later, c.Advise(channel, nil).RetryAt, "with the next run")
	channel.RetryAt = soon
	require.Equal(t, soon, c.Advise(channel, nil).RetryAt)
	c.AutoSync = false
	require.Zero(t, c.Advise(channel, nil).RetryAt, "nobody starts a run")
	require.Equal(t, connection.ActionSynchronize, c.Advise(channel, nil).Action)
	channel.Status = connection.RateLimited
	require.Zero(t, c.Advise(channel, nil).RetryAt)
	require.Equal(t, connection.ActionSynchronize, c.Advise(channel, nil).Action)
	channel.Status = connection.AuthFailed
	require.Zero(t, c.Advise(channel, nil).RetryAt, "a wrong password is never tried again")
}

func TestAdvise_tells_a_lost_session_from_wrong_credentials(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, cause := range []string{"", "SESSION_LOST", "CHALLENGE_EXPIRED", "REFUSED"} {
		a := (&connection.Connection{}).Advise(connection.Channel{Status: connection.ChallengeRequired, Cause: cause}, nil)
		require.Equal(t, connection.ActionReauthenticate, a.Action)
		said[a.Message["en"]] = true
	}
	require.Len(t, said, 4)
}

func TestFirst_is_the_users_then_ours(t *testing.T) {
	t.Parallel()
	require.Equal(t, connection.TurnNobody, connection.First(nil))
	rank := map[connection.Turn]int{"USER": 0, "US": 1, "BANK": 2, "NOBODY": 3}
	require.Len(t, connection.Turns(), len(rank))
	for _, a := range connection.Turns() {
		for _, b := range connection.Turns() {
			want := a
			if rank[b] < rank[a] {
				want = b
			}
			require.Equal(t, want, connection.First([]connection.Advice{{Turn: a}, {Turn: b}}))
		}
	}
}
