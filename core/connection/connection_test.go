package connection_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
)

var noon = time.Date(2026, 3, 12, 12, 0, 0, 0, time.UTC)

func connect(t require.TestingT, definitions ...string) *connection.Connection {
	var channels []connection.Channel
	for _, definition := range definitions {
		channels = append(channels, connection.Channel{DefinitionID: definition})
	}
	c, err := connection.New("con_1", "cli_1", "usr_1", "acme", "Acme", channels, true, noon)
	require.NoError(t, err)
	return c
}

func finish(t require.TestingT, c *connection.Connection, definition string, status connection.ChannelStatus, after time.Duration) {
	require.NoError(t, c.Finish(definition, connection.Outcome{Status: status}, noon.Add(after)))
}

func TestNew(t *testing.T) {
	t.Parallel()
	c := connect(t, "psd2", "web")
	require.Equal(t, connection.Running, c.Status)
	require.Equal(t, connection.Sentence(connection.ChannelRunning), c.Channels[1].Message)
	drafts := c.Drain()
	require.Len(t, drafts, 1)
	require.Equal(t, event.ConnectionCreated, drafts[0].Name)
	require.Equal(t, event.Data{"provider_id": "acme"}, drafts[0].Data)

	_, err := connection.New("con_1", "cli_1", "usr_1", "acme", "", nil, true, noon)
	require.ErrorIs(t, err, connection.ErrNoChannels)
	given := []connection.Channel{{DefinitionID: "web"}, {DefinitionID: "web"}}
	_, err = connection.New("con_1", "cli_1", "usr_1", "acme", "", given, true, noon)
	require.ErrorIs(t, err, connection.ErrTwice)
	require.Empty(t, given[0].Status, "what was given is not written to")
	_, err = c.Channel("other")
	require.ErrorIs(t, err, connection.ErrChannelNotFound)
	require.ErrorIs(t, c.Finish("other", connection.Outcome{Status: connection.ChannelSuccess}, noon), connection.ErrChannelNotFound)
}

func TestFinish_takes_the_outcome_over(t *testing.T) {
	t.Parallel()
	c := connect(t, "web")
	c.Drain()
	outcome := connection.Outcome{
		Status: connection.AuthFailed, Message: bank.Text{"en": "Wrong code."}, Fields: []string{"login"}, URL: "https://bank.example", RetryAt: noon,
	}
	require.NoError(t, c.Finish("web", outcome, noon))
	channel := c.Channels[0]
	require.Equal(t, outcome, connection.Outcome{
		Status: channel.Status, Message: channel.Message, Fields: channel.Fields, URL: channel.URL, RetryAt: channel.RetryAt,
	})
	drafts := c.Drain()
	require.Len(t, drafts, 1)
	require.Equal(t, event.Data{"status": "FAILED", "channel_status": "AUTH_FAILED", "required_action": "EDIT_CREDENTIALS"}, drafts[0].Data)
	require.Equal(t, "web", drafts[0].ChannelDefinition)

	c.Start("syn_2")
	require.Empty(t, c.Channels[0].Fields, "an old complaint does not outlive its run")
	require.Equal(t, connection.Sentence(connection.ChannelRunning), c.Channels[0].Message)
	finish(t, c, "web", connection.AuthFailed, 0)
	require.Equal(t, connection.Sentence(connection.AuthFailed), c.Channels[0].Message)
}

func TestLastSuccess_is_when_something_was_read(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		psd2, web connection.ChannelStatus
		status    connection.Status
		counts    bool
	}{
		"both":                {connection.ChannelSuccess, connection.ChannelSuccess, connection.Success, true},
		"one_partly":          {connection.ChannelSuccess, connection.ChannelPartial, connection.Partial, true},
		"one_had_nothing":     {connection.ChannelSuccess, connection.ChannelEmpty, connection.Success, true},
		"one_failed":          {connection.ChannelSuccess, connection.AuthFailed, connection.Failed, false},
		"one_was_throttled":   {connection.ChannelSuccess, connection.RateLimited, connection.Success, false},
		"both_were_throttled": {connection.RateLimited, connection.RateLimited, connection.Success, false},
		"both_had_nothing":    {connection.ChannelEmpty, connection.ChannelEmpty, connection.Success, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			link := connect(t, "psd2", "web")
			finish(t, link, "psd2", connection.ChannelSuccess, 0)
			require.Zero(t, link.LastSuccessAt, "a channel is still running")
			finish(t, link, "web", connection.ChannelSuccess, 0)
			require.Equal(t, noon, link.LastSuccessAt)
			link.Start("syn_2")
			require.Equal(t, connection.Running, link.Status)
			finish(t, link, "psd2", c.psd2, time.Hour)
			finish(t, link, "web", c.web, time.Hour)
			require.Equal(t, c.status, link.Status)
			require.Equal(t, c.counts, link.LastSuccessAt.After(noon))
		})
	}
}

func TestFirst_run_without_an_outcome_does_not_run_for_ever(t *testing.T) {
	t.Parallel()
	for _, status := range []connection.ChannelStatus{connection.RateLimited, connection.ChannelEmpty} {
		c := connect(t, "web")
		finish(t, c, "web", status, 0)
		require.Equal(t, connection.None, c.Status, status)
	}
}

func TestCalm_gives_channels_back_what_they_were(t *testing.T) {
	t.Parallel()
	for before, after := range map[connection.ChannelStatus]connection.ChannelStatus{
		connection.ChannelSuccess: connection.ChannelSuccess, connection.AuthFailed: connection.AuthFailed,
		connection.ChannelEmpty: connection.ChannelEmpty, connection.ChannelClosed: connection.ChannelClosed,
	} {
		c := connect(t, "web")
		finish(t, c, "web", before, 0)
		c.Start("syn_2")
		c.Calm()
		require.Equal(t, after, c.Channels[0].Status)
	}
	c := connect(t, "web")
	c.Calm()
	require.Equal(t, connection.ChallengeRequired, c.Channels[0].Status)
	require.Equal(t, connection.Failed, c.Status)
}

func TestRename_and_Deleted_are_told(t *testing.T) {
	t.Parallel()
	c := connect(t, "web")
	c.Drain()
	c.Rename("Acme", true)
	require.Empty(t, c.Drain())
	c.Rename("Mine", false)
	c.Deleted()
	drafts := c.Drain()
	require.Len(t, drafts, 2)
	require.Equal(t, event.ConnectionUpdated, drafts[0].Name)
	require.Equal(t, event.ConnectionDeleted, drafts[1].Name)
}

// requireTold: every change of the status is told once, or with what the user
// has to do about a channel; nothing else is told.
func requireTold(t *rapid.T, c *connection.Connection, drafts []event.Draft, changed bool) {
	for _, draft := range drafts {
		require.Equal(t, event.ConnectionUpdated, draft.Name)
		require.Equal(t, string(c.Status), draft.Data["status"])
		if draft.ChannelDefinition == "" {
			require.True(t, changed)
			require.Len(t, drafts, 1)
			continue
		}
		channel, err := c.Channel(draft.ChannelDefinition)
		require.NoError(t, err)
		require.True(t, connection.NeedsUser(channel.Status))
		require.Equal(t, string(connection.RuleOf(channel.Status).Action), draft.Data["required_action"])
	}
	if changed {
		require.NotEmpty(t, drafts)
	}
}

// TestConnection_walks: whatever happens, the status is what Derive makes of
// the channels, and what has to be told is told.
func TestConnection_walks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := connect(t, []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "channels")]...)
		c.Drain()
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			before, success := c.Status, c.LastSuccessAt
			switch rapid.IntRange(0, 5).Draw(t, "step") {
			case 0:
				c.Start("syn_1")
			case 1:
				c.Calm()
			default:
				channel := rapid.SampledFrom(c.Channels).Draw(t, "channel")
				finish(t, c, channel.DefinitionID, rapid.SampledFrom(connection.ChannelStatuses()).Draw(t, "status"), time.Hour)
			}
			require.Equal(t, connection.Derive(c.Channels, before), c.Status)
			require.Equal(t, c.Status, connection.Derive(c.Channels, c.Status))
			drafts := c.Drain()
			requireTold(t, c, drafts, before != c.Status)
			if c.LastSuccessAt != success {
				require.Contains(t, []connection.Status{connection.Success, connection.Partial}, c.Status)
			}
			for _, channel := range c.Channels {
				require.NotEmpty(t, channel.Message["fr"])
				require.NotContains(t, []connection.ChannelStatus{connection.ChannelRunning, connection.RateLimited}, channel.LastOutcome)
			}
		}
	})
}
