// Package usecase is what the driving adapters (HTTP, widget, command line) may
// ask of the core. Every call names who asks; the core decides what that may
// see: nobody reaches another client's anything, and what is not reachable is
// told with the words for what does not exist.
package usecase

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// Principal is who asks: a client, or one of its users by a user token.
type Principal struct {
	Client ident.Client
	// User is empty in client mode.
	User   ident.User
	Scopes []client.Scope
	Rights []client.Right
	// PSU is set when the user is really there; it comes from the request.
	PSU    *synchronization.PSU
	Locale string
}

// Owner is the principal's own reach.
func (p Principal) Owner() store.Owner { return store.Owner{Client: p.Client, User: p.User} }

// Authenticator turns a bearer token into a principal, or fails with an
// Unauthenticated fault.
type Authenticator interface {
	Authenticate(ctx context.Context, token secret.String) (Principal, error)
}

// Users of a client.
type Users interface {
	Create(ctx context.Context, p Principal, identity user.Identity) (*user.User, error)
	// Get takes the id "me" in user mode.
	Get(ctx context.Context, p Principal, id string) (*user.User, error)
	List(ctx context.Context, p Principal, filter store.UserFilter, page store.Page) (store.Slice[*user.User], error)
	Change(ctx context.Context, p Principal, id string, change UserChange) (*user.User, error)
	// Delete erases the user and everything that belongs to it.
	Delete(ctx context.Context, p Principal, id string) error
}

// UserChange holds what changes; nil stays.
type UserChange struct {
	Email    *string
	Password *secret.String
}

// Providers are the catalogue.
type Providers interface {
	List(ctx context.Context, filter ProviderFilter, page store.Page) (store.Slice[provider.Provider], error)
	Get(ctx context.Context, id string) (provider.Provider, error)
}

// ProviderFilter restricts the catalogue.
type ProviderFilter struct {
	Search      string
	Country     string
	Channel     string
	AccountType string
	Health      string
}

// Connections of users.
type Connections interface {
	// Create starts the first synchronization.
	Create(ctx context.Context, p Principal, order NewConnection) (*connection.Connection, error)
	Get(ctx context.Context, p Principal, id string) (*connection.Connection, error)
	List(ctx context.Context, p Principal, filter store.ConnectionFilter, page store.Page) (store.Slice[*connection.Connection], error)
	Change(ctx context.Context, p Principal, id string, change ConnectionChange) (*connection.Connection, error)
	Delete(ctx context.Context, p Principal, id string) error
	// ReplaceCredentials of one channel, and synchronize. A channel of the provider
	// that the connection does not use yet is added to it. What has to be agreed to
	// for that is agreed to by a version of the terms; empty is that of before, or
	// consent.ClientTerms.
	ReplaceCredentials(ctx context.Context, p Principal, id string, channel NewChannel, terms string) (*connection.Connection, error)
}

// NewConnection orders a connection. UserID is needed in client mode.
type NewConnection struct {
	UserID     string
	ProviderID string
	Name       string
	Channels   []NewChannel
	AutoSync   bool
	// Selective has the user choose the accounts that are kept: until then they are
	// found and nothing else.
	Selective bool
	// TermsVersion names the words that the user agreed to; empty is
	// consent.ClientTerms.
	TermsVersion string
}

// NewChannel orders a channel.
type NewChannel struct {
	DefinitionID string
	Credentials  secret.Values
}

// ConnectionChange holds what changes; nil stays.
type ConnectionChange struct {
	Name     *string
	AutoSync *bool
}

// Diagnoses explain connections.
type Diagnoses interface {
	// Diagnose reads everything that says where a connection stands, at one moment.
	Diagnose(ctx context.Context, p Principal, connectionID string) (Diagnosis, error)
}

// Diagnosis is where a connection stands.
type Diagnosis struct {
	Connection *connection.Connection
	// Asked is what the user can answer now, Run the newest one; nil where there
	// is none.
	Asked    *connection.Challenge
	Run      *synchronization.Synchronization
	Accounts []ledger.Account
	// Offered are accounts that the user still has to decide about.
	Offered []ledger.Account
	// Quota is what its bank allows.
	Quota Quota
}

// Quotas tell what banks allow.
type Quotas interface {
	// Quota is what is allowed of a connection, and what of it is spent.
	Quota(ctx context.Context, p Principal, connectionID string) (Quota, error)
}

// Quota is what the bank allows of a connection at a time.
type Quota struct {
	Connection ident.Connection
	At         time.Time
	Channels   []ChannelQuota
}

// ChannelQuota is one channel's. A Limit of zero is none.
type ChannelQuota struct {
	Channel string
	Limit   int
	Lines   []QuotaLine
	// Standing is what that comes to for a whole run.
	Standing quota.Standing
}

// QuotaLine is what a bank counts on its own; the list of accounts has no Account.
type QuotaLine struct {
	Account ident.Account
	Scope   quota.Scope
	// Used are unattended calls, Attended those with the user there.
	Used, Attended int
	// Left is nil where there is no limit.
	Left *int
	// NextFree is zero where a call is free now.
	NextFree time.Time
}

// Challenges are what users are asked.
type Challenges interface {
	// Current is what can be answered now, or connection.ErrNoChallenge.
	Current(ctx context.Context, p Principal, connectionID string) (*connection.Challenge, error)
	Answer(ctx context.Context, p Principal, connectionID, challengeID string, answers secret.Values) error
	// Resend has what is asked sent again, and gives it as it stands. It fails with
	// connection.ErrNoChallenge, and where the bank does not, or not yet.
	Resend(ctx context.Context, p Principal, connectionID string) (*connection.Challenge, error)
	// Return takes the user back from a bank: state finds the challenge, once.
	// Its answer goes to the bank; the address is where the browser goes on to.
	Return(ctx context.Context, state secret.String, answers secret.Values) (Returned, error)
}

// Returned says what a bank's return belonged to.
type Returned struct {
	ConnectionID ident.Connection
	// Visit is the widget session that the connection is at work in; empty for none.
	Visit ident.WidgetSession
	// URL is empty where the page itself has to tell the user to go on.
	URL string
}

// Synchronizations are runs.
type Synchronizations interface {
	Start(ctx context.Context, p Principal, connectionID string, kind synchronization.Type) (*synchronization.Synchronization, error)
	// StartAll starts one for each connection of a user where none is running.
	StartAll(ctx context.Context, p Principal, userID string, kind synchronization.Type) ([]*synchronization.Synchronization, error)
	Get(ctx context.Context, p Principal, id string) (*synchronization.Synchronization, error)
	List(ctx context.Context, p Principal, filter store.RunFilter, page store.Page) (store.Slice[*synchronization.Synchronization], error)
	Cancel(ctx context.Context, p Principal, id string) (*synchronization.Synchronization, error)
}

// Ledger reads accounts and transactions.
type Ledger interface {
	Account(ctx context.Context, p Principal, id string) (ledger.Account, error)
	Accounts(ctx context.Context, p Principal, filter store.AccountFilter, page store.Page) (store.Slice[ledger.Account], error)
	// Balances pages through what runs learned of an account's balances, newest first.
	Balances(ctx context.Context, p Principal, id string, page store.Page) (store.Slice[ledger.BalanceRecord], error)
	Transaction(ctx context.Context, p Principal, id string) (ledger.Transaction, error)
	Transactions(ctx context.Context, p Principal, filter store.TransactionFilter, page store.Page) (store.Slice[ledger.Transaction], error)
	Categories(locale string) []category.Group
}

// Transactions are corrected by people. What they decide lasts, whatever the
// bank tells later.
type Transactions interface {
	Change(ctx context.Context, p Principal, id string, change TransactionChange) (ledger.Transaction, error)
	// Hide removes a transaction for good.
	Hide(ctx context.Context, p Principal, id string) error
	// Merge removes a transaction that is the same movement as another one, and
	// gives that one.
	Merge(ctx context.Context, p Principal, id, into string) (ledger.Transaction, error)
	// Unmerge gives what was merged back, under a new id.
	Unmerge(ctx context.Context, p Principal, id string) (ledger.Transaction, error)
	// TellApart remembers that a transaction is not the same movement as another one.
	TellApart(ctx context.Context, p Principal, id, of string) (ledger.Transaction, error)
	// Doubts pages through transactions that may be the same movement as another
	// one, newest first.
	Doubts(ctx context.Context, p Principal, filter store.TransactionFilter, page store.Page) (store.Slice[Doubt], error)
	// History tells what a transaction was, removed or not.
	History(ctx context.Context, p Principal, id string) (History, error)
}

// TransactionChange holds what changes; nil stays. An empty label gives ours
// back, an empty category the one that is assigned by itself.
type TransactionChange struct {
	Label    *string
	Category *string
}

// Doubt is a transaction with those that it may be the same movement as.
type Doubt struct {
	Transaction ledger.Transaction
	Candidates  []Candidate
}

// Candidate is one of them; Confidence is above 0, at most 1.
type Candidate struct {
	Transaction ledger.Transaction
	Confidence  float64
}

// History is a transaction as it is now, with what changed in it, first change
// first, and what the engine and a rule, if one does, say of it below a person's
// corrections.
type History struct {
	Transaction ledger.Transaction
	Revisions   []ledger.Revision
	Engine      ledger.Description
	Rule        ledger.Category
}

// Accounts are kept as their user wants them.
type Accounts interface {
	Change(ctx context.Context, p Principal, id string, change AccountChange) (ledger.Account, error)
	// Delete takes an account away with its transactions. The last account of a
	// channel takes the channel's credentials with it, the last channel the
	// connection. It comes back by a list of accounts only.
	Delete(ctx context.Context, p Principal, id string) error
	// Migrate moves an account to where it is seen as another one: it keeps its id
	// and its rows, and takes the place of that one, with the rows that it lacks.
	Migrate(ctx context.Context, p Principal, id, to string) (ledger.Account, error)
}

// AccountChange holds what changes; nil stays. An empty name gives the bank's back.
type AccountChange struct{ Name *string }

// Events are a client's log.
type Events interface {
	// After reads what comes after a number, or all that is kept where there is
	// none, in order, waiting up to wait for the first to come. It fails with
	// event.ErrGone where something after the number is not kept any more. In user mode it gives that user's events. Names that do not
	// exist fail with event.ErrName.
	After(ctx context.Context, p Principal, after *int64, filter store.EventFilter, limit int, wait time.Duration) ([]event.Event, error)
}

// Lent are events that one consumer has for a while.
type Lent struct {
	Lease  delivery.Lease
	Events []event.Event
}

// Queues deliver events.
type Queues interface {
	Create(ctx context.Context, p Principal, filter delivery.Filter) (*delivery.Queue, error)
	List(ctx context.Context, p Principal, page store.Page) (store.Slice[*delivery.Queue], error)
	// Events reads after a sequence number (nil: after what was acknowledged),
	// waiting up to wait for the first to come.
	Events(ctx context.Context, p Principal, id string, after *int64, limit int, wait time.Duration) ([]event.Event, error)
	Ack(ctx context.Context, p Principal, id string, seq int64) (*delivery.Queue, error)
	Delete(ctx context.Context, p Principal, id string) error
	// Lend is Events for several consumers who share a queue: what one has, no
	// other gets until hold is over. The zero Lent means that nothing is there.
	Lend(ctx context.Context, p Principal, id string, limit int, hold, wait time.Duration) (Lent, error)
	// Return acknowledges what a lease gave, up to a number; it fails with
	// delivery.ErrLease where another consumer has it.
	Return(ctx context.Context, p Principal, id, lease string, seq int64) (*delivery.Queue, error)
}
