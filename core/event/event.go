// Package event owns facts: what happened, to whom, with which number. An
// aggregate records drafts; the store numbers them in the transaction that
// commits the state they tell.
package event

import (
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Name is what happened.
type Name string

// Names.
const (
	UserCreated Name = "user.created"
	UserDeleted Name = "user.deleted"
	// UserTokensRevoked: a refresh token was used by somebody who should not have
	// it any more, so that all tokens of that log-in ended. Data: reason.
	UserTokensRevoked Name = "user.tokens_revoked"

	ConnectionCreated Name = "connection.created"
	ConnectionUpdated Name = "connection.updated"
	ConnectionDeleted Name = "connection.deleted"

	// ConsentGiven: the bank confirmed what the user agreed to. Data: consent_id,
	// valid_until where it has an end, replaces where it renews another one.
	ConsentGiven Name = "consent.given"
	// ConsentExpiring: it ends in so many days. Data: days (30, 14, 7 or 1).
	ConsentExpiring Name = "consent.expiring"
	// ConsentExpired: no bank is called under it any more. Data: by (TIME, BANK).
	ConsentExpired Name = "consent.expired"
	ConsentRevoked Name = "consent.revoked"

	SynchronizationStarted           Name = "synchronization.started"
	SynchronizationStage             Name = "synchronization.stage"
	SynchronizationChallengeRequired Name = "synchronization.challenge_required"
	SynchronizationSucceeded         Name = "synchronization.succeeded"
	SynchronizationPartial           Name = "synchronization.partial"
	SynchronizationFailed            Name = "synchronization.failed"
	SynchronizationRateLimited       Name = "synchronization.rate_limited"
	SynchronizationCancelled         Name = "synchronization.cancelled"

	AccountsAdded   Name = "accounts.added"
	AccountsUpdated Name = "accounts.updated"
	AccountsClosed  Name = "accounts.closed"
	// AccountsDeleted: a client or user deleted an account with its rows.
	AccountsDeleted Name = "accounts.deleted"

	TransactionsAdded    Name = "transactions.added"
	TransactionsModified Name = "transactions.modified"
	TransactionsRemoved  Name = "transactions.removed"

	// ProviderUnavailable: the plugin of some providers was given up after it
	// failed too often; ProviderAvailable: it serves again. Data: plugin,
	// providers (how many), provider_ids and channel_definition_ids (at most 50
	// each), retry_at.
	ProviderUnavailable Name = "provider.unavailable"
	ProviderAvailable   Name = "provider.available"

	// WebhookDisabled: nothing more is sent to a webhook until its client enables
	// it. Data: webhook_id, reason (GONE, FAILING).
	WebhookDisabled Name = "webhook.disabled"
	// QueueEventsLost: events that a queue wanted and had not acknowledged are not
	// kept any more. Data: queue_id, through.
	QueueEventsLost Name = "queue.events_lost"
	// WebhookTest is sent to a webhook when its client asks for it. It is in no log.
	WebhookTest Name = "webhook.test"
)

// Names lists them, for filters and documentation.
func Names() []Name {
	return []Name{
		UserCreated, UserDeleted, UserTokensRevoked, ConnectionCreated, ConnectionUpdated, ConnectionDeleted,
		ConsentGiven, ConsentExpiring, ConsentExpired, ConsentRevoked,
		SynchronizationStarted, SynchronizationStage, SynchronizationChallengeRequired, SynchronizationSucceeded,
		SynchronizationPartial, SynchronizationFailed, SynchronizationRateLimited, SynchronizationCancelled,
		AccountsAdded, AccountsUpdated, AccountsClosed, AccountsDeleted, TransactionsAdded, TransactionsModified, TransactionsRemoved,
		ProviderUnavailable, ProviderAvailable, WebhookDisabled, QueueEventsLost, WebhookTest,
	}
}

// ErrName says that there is no event of a name.
var ErrName = fault.New(fault.Invalid, "unknown_event_type", "There is no event of this type.")

// Check fails with ErrName unless all names are known.
func Check(names []Name) error {
	for _, n := range names {
		if !Known(n) {
			return ErrName
		}
	}
	return nil
}

// Known reports whether n is one of Names.
func Known(n Name) bool {
	for _, known := range Names() {
		if n == known {
			return true
		}
	}
	return false
}

// Data is the payload: plain JSON values (strings, numbers, booleans, lists).
// It never holds a secret, an amount or a label: it says where to look.
type Data map[string]any

// Draft is a fact that has no number yet.
type Draft struct {
	Name Name
	// Version of the payload's shape.
	Version           int
	UserID            ident.User
	ConnectionID      ident.Connection
	ChannelDefinition string
	Data              Data
}

// Event is a fact with its number: Seq rises by one per client, without gaps.
type Event struct {
	Draft
	Seq        int64
	ID         ident.Event
	ClientID   ident.Client
	OccurredAt time.Time
}

// Recorder collects drafts inside an aggregate. Embed it.
type Recorder struct{ drafts []Draft }

// Record adds a draft; a version of 0 becomes 1.
func (r *Recorder) Record(d Draft) {
	if d.Version == 0 {
		d.Version = 1
	}
	r.drafts = append(r.drafts, d)
}

// Drain gives the drafts and forgets them.
func (r *Recorder) Drain() []Draft {
	drafts := r.drafts
	r.drafts = nil
	return drafts
}
