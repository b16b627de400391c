// Package connection owns one user's link to one provider: its channels, their
// statuses, and the challenges only the user can answer. It knows nothing of
// synchronizations beyond their id, and of no bank.
//
// Invariant: Status always is what Derive makes of the channels.
package connection

import (
	"cmp"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Connection is one user at one provider.
type Connection struct {
	event.Recorder
	ID         ident.Connection
	ClientID   ident.Client
	UserID     ident.User
	ProviderID string
	Name       string
	Status     Status
	AutoSync   bool
	// Selective connections offer the accounts that are found: their user chooses
	// those that are kept.
	Selective bool
	CreatedAt time.Time
	Channels  []Channel

	LastSynchronizationID ident.Synchronization
	LastSuccessAt         time.Time
	NextSynchronizationAt time.Time
}

// Channel is a channel of a connection.
type Channel struct {
	DefinitionID string
	Type         bank.ChannelType
	Status       ChannelStatus
	// LastOutcome is the last status that was an outcome: not a wait, and not
	// EMPTY unless there never was another.
	LastOutcome ChannelStatus
	// Fields are the credential fields to mend, when the bank named them.
	Fields []string
	// URL is where the user can act, when there is one.
	URL string
	// Message is the sentence for the user.
	Message bank.Text
	// Cause is why the channel failed, closer than its status says: the code that
	// a bank, a plugin or this server gave. It outlives RUNNING.
	Cause     string
	RetryAt   time.Time
	ConsentID ident.Consent
	ExpiresAt time.Time
	// NextAt is when it is read next without the user; zero where it is not, and
	// from an outcome until the next plan.
	NextAt time.Time
	// Failures counts the outcomes in a row that are tried again by ourselves
	// because the bank or we failed.
	Failures int
	// SealedCredentials and SealedSecrets are ciphertexts, bound to this channel.
	SealedCredentials []byte
	SealedSecrets     []byte
}

// Errors.
var (
	ErrNotFound        = fault.New(fault.NotFound, "connection_not_found", "There is no such connection.")
	ErrChannelNotFound = fault.New(fault.NotFound, "channel_not_found", "The connection has no such channel.")
	ErrNoChannels      = fault.New(fault.Invalid, "no_channels", "A connection needs at least one channel.")
	ErrTwice           = fault.New(fault.Invalid, "channel_twice", "A channel is named twice.")
)

// New makes a connection whose first synchronization is about to start.
func New(id ident.Connection, client ident.Client, user ident.User, providerID, name string, channels []Channel, autoSync bool, now time.Time) (*Connection, error) {
	if len(channels) == 0 {
		return nil, ErrNoChannels
	}
	channels = append([]Channel(nil), channels...)
	seen := map[string]bool{}
	for i := range channels {
		if seen[channels[i].DefinitionID] {
			return nil, ErrTwice
		}
		seen[channels[i].DefinitionID] = true
		channels[i].Status, channels[i].Message = ChannelRunning, sentences[ChannelRunning]
	}
	c := &Connection{
		ID: id, ClientID: client, UserID: user, ProviderID: providerID, Name: name,
		AutoSync: autoSync, CreatedAt: now, Channels: channels, Status: Running,
	}
	c.record(event.ConnectionCreated, "", event.Data{"provider_id": providerID})
	return c, nil
}

// Channel finds a channel by its definition's id.
func (c *Connection) Channel(definition string) (*Channel, error) {
	for i := range c.Channels {
		if c.Channels[i].DefinitionID == definition {
			return &c.Channels[i], nil
		}
	}
	return nil, ErrChannelNotFound
}

// Start marks the channels of a run as running: those named that are not
// closed, or all where none is named.
func (c *Connection) Start(run ident.Synchronization, channels ...string) {
	c.LastSynchronizationID = run
	for i := range c.Channels {
		channel := &c.Channels[i]
		meant := len(channels) == 0 || slices.Contains(channels, channel.DefinitionID)
		if meant && channel.Status != ChannelClosed && !channel.Dropped() {
			c.set(channel, Outcome{Status: ChannelRunning})
		}
	}
	c.derive()
}

// Calm ends the running of channels whose run was cancelled: they are again
// what they were, or wait for the user where they never were anything.
func (c *Connection) Calm() {
	var calmed []*Channel
	for i := range c.Channels {
		channel := &c.Channels[i]
		if channel.Status != ChannelRunning {
			continue
		}
		failures := channel.Failures
		c.set(channel, Outcome{Status: channel.standing()})
		channel.Failures = failures // that it was cancelled is not one more
		calmed = append(calmed, channel)
	}
	c.tell(calmed...)
}

// Drop forgets what a channel reads with, because its last account was deleted.
func (c *Connection) Drop(definition string) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	channel.SealedCredentials, channel.SealedSecrets, channel.ConsentID, channel.ExpiresAt = nil, nil, "", time.Time{}
	c.set(channel, Outcome{Status: ChannelEmpty})
	c.derive()
	return nil
}

// Dropped channels read nothing until they have credentials again.
func (c Channel) Dropped() bool {
	return c.Status == ChannelEmpty && len(c.SealedCredentials) == 0 && len(c.SealedSecrets) == 0
}

// Standing reports whether any channel still reads.
func (c *Connection) Standing() bool {
	for _, channel := range c.Channels {
		if !channel.Dropped() {
			return true
		}
	}
	return false
}

// Outcome is what a run says of a channel.
type Outcome struct {
	Status  ChannelStatus
	Cause   string
	Message bank.Text
	Fields  []string
	URL     string
	RetryAt time.Time
}

// Finish sets a channel's outcome at the end of its part of a run. A channel that
// needs its user still does where the bank did not let them in meanwhile, because
// it took no call for instance: a wrong password is not tried again by itself.
func (c *Connection) Finish(definition string, outcome Outcome, now time.Time) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	if channel.keeps(outcome.Status) {
		outcome = Outcome{Status: channel.LastOutcome}
	}
	c.set(channel, outcome)
	c.tell(channel)
	if c.refreshed() {
		c.LastSuccessAt = now
	}
	return nil
}

// keeps reports whether a channel that needs its user is no other for a run that
// came to nothing: it would be tried again without them. Where all they had to do
// was to answer, nobody is asked by itself, and what is wrong with us is told.
func (c *Channel) keeps(status ChannelStatus) bool {
	switch status {
	case RateLimited, ProviderUnavailable:
		return NeedsUser(c.LastOutcome)
	case TechnicalError:
		return NeedsUser(c.LastOutcome) && c.LastOutcome != ChallengeRequired
	}
	return false
}

// Enter notes that the bank let somebody in: what needed the user before does no
// more.
func (c *Connection) Enter(definition string) error { return c.forget(definition, NeedsUser) }

// Renew notes that a channel has new credentials, which no bank has refused. The
// run that tries them is started next.
func (c *Connection) Renew(definition string) error {
	return c.forget(definition, func(status ChannelStatus) bool { return status == AuthFailed })
}

func (c *Connection) forget(definition string, over func(ChannelStatus) bool) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	if over(channel.LastOutcome) {
		channel.LastOutcome = ""
	}
	if over(channel.Status) {
		channel.Status = "" // else it would be the last outcome again
	}
	return nil
}

// standing is what a channel is without the run that is at work on it: it waits
// for the user where it never was anything.
func (c *Channel) standing() ChannelStatus {
	return cmp.Or(c.LastOutcome, ChallengeRequired)
}

// refreshed reports whether this run read what there is: a status that only
// stands because a channel waits is an old success, not a new one.
func (c *Connection) refreshed() bool {
	read := false
	for _, channel := range c.Channels {
		if channel.Status == RateLimited {
			return false
		}
		read = read || channel.Status == ChannelSuccess || channel.Status == ChannelPartial
	}
	return read && (c.Status == Success || c.Status == Partial)
}

// Stand notes what a channel comes to if its run ends early: what it read stays.
func (c *Connection) Stand(definition string, status ChannelStatus) error {
	channel, err := c.Channel(definition)
	if err != nil {
		return err
	}
	channel.remember(status)
	return nil
}

func (c *Connection) set(channel *Channel, outcome Outcome) {
	if outcome.Status != ChannelRunning {
		channel.Cause = outcome.Cause
	}
	channel.remember(channel.Status)
	channel.remember(outcome.Status)
	channel.Status, channel.Message, channel.Fields = outcome.Status, outcome.Message, outcome.Fields
	channel.URL, channel.RetryAt, channel.NextAt = outcome.URL, outcome.RetryAt, time.Time{}
	channel.count(outcome.Status)
	if channel.Message == nil {
		channel.Message = sentences[outcome.Status]
	}
}

// remember keeps a status that was an outcome.
func (c *Channel) remember(status ChannelStatus) {
	switch {
	case status == "" || status == ChannelRunning || status == RateLimited:
	case status == ChannelEmpty && c.LastOutcome != "":
	default:
		c.LastOutcome = status
	}
}

func (c *Connection) derive() { c.tell() }

// Rename changes what only the user decides.
func (c *Connection) Rename(name string, autoSync bool) {
	if c.Name == name && c.AutoSync == autoSync {
		return
	}
	c.Name, c.AutoSync = name, autoSync
	c.record(event.ConnectionUpdated, "", event.Data{"status": string(c.Status)})
}

// Deleted records that the connection is gone.
func (c *Connection) Deleted() { c.record(event.ConnectionDeleted, "", nil) }

func (c *Connection) record(name event.Name, definition string, data event.Data) {
	c.Record(event.Draft{Name: name, UserID: c.UserID, ConnectionID: c.ID, ChannelDefinition: definition, Data: data})
}
