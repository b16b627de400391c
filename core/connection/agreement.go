package connection

import (
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ident"
)

// Agree names the consent under which a channel reads, and when it ends.
func (c *Connection) Agree(definition string, id ident.Consent, until time.Time) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	channel.ConsentID, channel.ExpiresAt = id, until
	return nil
}

// Lapse says that a channel's consent has ended. Where a run is at work on it,
// that one says so, or is what the channel is again once it is given up.
func (c *Connection) Lapse(definition string) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	if channel.Status == ChannelRunning {
		channel.LastOutcome = TokenExpired
		return nil
	}
	c.set(channel, Outcome{Status: TokenExpired})
	c.tell(channel)
	return nil
}

// Withdraw forgets what a channel reads with, because its user takes the consent
// back. What a REDIRECT channel was told when it was set up is no secret of the
// user's and stays.
func (c *Connection) Withdraw(definition string) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	channel.SealedSecrets, channel.ExpiresAt = nil, time.Time{}
	if channel.Type == bank.Embedded {
		channel.SealedCredentials = nil
	}
	c.set(channel, Outcome{Status: TokenExpired, Message: Withdrawal()})
	c.tell(channel)
	return nil
}

// Stay ends the running of one channel as if its run had not been.
func (c *Connection) Stay(definition string) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	c.set(channel, Outcome{Status: channel.standing()})
	c.tell(channel)
	return nil
}

// Withdrawal is what the end user reads of a channel whose consent was taken back.
func Withdrawal() bank.Text {
	return bank.Text{
		"en": "You have withdrawn your agreement. These accounts are no longer read.",
		"fr": "Vous avez retiré votre accord. Ces comptes ne sont plus lus.",
	}
}
