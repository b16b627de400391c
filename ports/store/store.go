// Package store is the port to durable state, in the domain's words. It knows
// nothing of SQL. Its contract suite is storetest.Run.
//
// Invariants that every adapter keeps: what one Update writes is there as a
// whole or not at all, its events included; events of a client are numbered
// from 1 without gaps in the order in which they become visible; a fenced
// Update of a run that somebody else claimed changes nothing; nobody reads
// outside the Owner they name; what belongs to something that does not exist is
// refused with a NotFound fault; what clients may see of a transaction does not
// change without an event in the same Update, and never without the feed telling it.
//
// Values come back in one form, whatever the adapter: instants in UTC, cut to
// the microsecond; an empty list as none; the data of an event as JSON tells it.
package store

import (
	"context"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/jobs"
)

// Store is durable state.
type Store interface {
	// View runs fn on one consistent state. Writing in it fails with an Internal
	// fault and changes nothing.
	View(ctx context.Context, fn func(Tx) error) error
	// Update runs fn in one transaction and commits what it wrote, or nothing
	// when it returns an error. Never call a bank inside. fn may run again when
	// the database asks for it, so it must not keep state outside. Other writers
	// of what fn reads wait for its end (clients excepted, which everybody reads),
	// and fn may go on after a Conflict fault.
	Update(ctx context.Context, fence Fence, fn func(Tx) error) error
}

// Fence makes an Update conditional on still holding a run. The zero Fence
// does not restrict. A broken fence fails with synchronization.ErrFenced.
type Fence struct {
	Run   ident.Synchronization
	Epoch int64
}

// Tx is one transaction, by what it is about.
type Tx interface {
	Clients() Clients
	Users() Users
	Connections() Connections
	Challenges() Challenges
	Runs() Runs
	Schedules() Schedules
	Breakers() Breakers
	Accounts() Accounts
	Transactions() Transactions
	Revisions() Revisions
	Balances() Balances
	Rules() Rules
	Quotas() Quotas
	Consents() Consents
	Accesses() Accesses
	Withdrawals() Withdrawals
	Feed() Feed
	Queues() Queues
	Webhooks() Webhooks
	Deliveries() Deliveries
	Tokens() Tokens
	WidgetSessions() WidgetSessions
	Themes() Themes
	Attempts() Attempts
	Configurations() Configurations
	Clock() Clock
	Outages() Outages
	Events() Events
	Past() Past
	// Wake enqueues a job that becomes visible with the commit, and only then.
	Wake(ctx context.Context, job jobs.Job) error
}

// Owner is whose things are meant: a client, and one of its users unless empty.
type Owner struct {
	Client ident.Client
	User   ident.User
}

// Page asks for a part of a list: at most Limit items, one at least, that come
// after After.
// Key is opaque to everybody but the adapter that made it; a malformed one
// fails with ErrCursor.
type Page struct {
	After Key
	Limit int
}

// Key is a place in a list.
type Key []string

// Slice is a part of a list; Next is nil at the end.
type Slice[T any] struct {
	Items []T
	Next  Key
}

// Events is the log of facts: outbox, queue and history at once.
type Events interface {
	// Append numbers drafts and stores them at the commit of this transaction.
	// The numbers are drawn last, so that no reader sees a gap.
	Append(ctx context.Context, client ident.Client, drafts ...event.Draft) error
	// After reads what comes after seq, oldest first. It fails with event.Gone
	// where something after seq is not kept any more, whatever the filter.
	After(ctx context.Context, client ident.Client, seq int64, filter EventFilter, limit int) ([]event.Event, error)
	// At reads the events of some numbers, in their order; what is not there is
	// left out.
	At(ctx context.Context, client ident.Client, seqs ...int64) ([]event.Event, error)
	// Named reads events by their ids, in the order of their numbers.
	Named(ctx context.Context, client ident.Client, ids ...ident.Event) ([]event.Event, error)
	// Head is the newest number of a client; 0 when there is none.
	Head(ctx context.Context, client ident.Client) (int64, error)
	// Heads gives those of several; a client without events has none.
	Heads(ctx context.Context, clients ...ident.Client) (map[ident.Client]int64, error)
	// Oldest is the number of the oldest event that is kept; where there is none,
	// the next one's.
	Oldest(ctx context.Context, client ident.Client) (int64, error)
}

// EventFilter restricts what is read; what is empty does not.
type EventFilter struct {
	User       ident.User
	Connection ident.Connection
	Names      []event.Name
}

// Hint tells that a client's log grew up to Seq. Adapters call a function of
// this kind after a commit; a hint may be lost, the log may not.
type Hint func(client ident.Client, seq int64)

// ErrCursor says that a cursor is not one this list gave out.
var ErrCursor = fault.New(fault.Invalid, "invalid_cursor", "This cursor does not belong to this list.")
