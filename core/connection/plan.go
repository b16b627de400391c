package connection

import (
	"time"

	"github.com/tributary-dev/tributary/core/event"
)

// Plan takes over when each channel is read next without the user, in their
// order, and when the connection has its turn; zero means not by itself. What is
// tried again tells so.
func (c *Connection) Plan(next time.Time, channels []time.Time) {
	c.NextSynchronizationAt = next
	for i := range c.Channels {
		channel := &c.Channels[i]
		throttled := channel.Status == RateLimited && !channel.RetryAt.IsZero() // the bank itself said when
		switch {
		case !RuleOf(channel.Status).Retries:
		case !channels[i].IsZero() && !throttled:
			channel.RetryAt = channels[i]
		case channels[i].IsZero() && channel.RetryAt.Equal(channel.NextAt):
			channel.RetryAt = time.Time{} // it was our plan, which is given up
		}
		channel.NextAt = channels[i]
	}
}

// Due lists the channels whose time has come.
func (c *Connection) Due(now time.Time) (due []string) {
	for _, channel := range c.Channels {
		if !channel.NextAt.IsZero() && !channel.NextAt.After(now) {
			due = append(due, channel.DefinitionID)
		}
	}
	return due
}

// PutOff moves a channel that is due to a time at which its bank may be asked.
func (c *Connection) PutOff(definition string, until time.Time) {
	for i := range c.Channels {
		if channel := &c.Channels[i]; channel.DefinitionID == definition && !channel.NextAt.IsZero() && channel.NextAt.Before(until) {
			channel.NextAt = until
		}
	}
}

// NeedsUser reports whether a status stays until the user does something.
func NeedsUser(status ChannelStatus) bool {
	rule := RuleOf(status)
	return rule.Action != ActionNone && !rule.Retries
}

// count keeps the number of failures in a row.
func (c *Channel) count(status ChannelStatus) {
	switch status {
	case ProviderUnavailable, TechnicalError:
		c.Failures++
	case ChannelRunning, RateLimited: // says nothing of the bank's health
	default:
		c.Failures = 0
	}
}

// tell derives the status after channels came to an outcome. A channel that
// nothing but the user moves on is told with what the user has to do, whether
// the connection's status changed or not.
func (c *Connection) tell(channels ...*Channel) {
	before := c.Status
	c.Status = Derive(c.Channels, c.Status)
	asked := false
	for _, channel := range channels {
		if NeedsUser(channel.Status) {
			asked = true
			c.record(event.ConnectionUpdated, channel.DefinitionID, event.Data{
				"status": string(c.Status), "channel_status": string(channel.Status), "required_action": string(RuleOf(channel.Status).Action),
			})
		}
	}
	if !asked && c.Status != before {
		c.record(event.ConnectionUpdated, "", event.Data{"status": string(c.Status)})
	}
}
