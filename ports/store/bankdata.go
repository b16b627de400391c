package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
)

// Connections hold aggregates; Put and Delete append the recorded events.
// Get fails with connection.ErrNotFound. Inside Update, Get locks the row.
type Connections interface {
	Get(ctx context.Context, owner Owner, id ident.Connection) (*connection.Connection, error)
	Put(ctx context.Context, c *connection.Connection) error
	// Delete takes the connection's challenges, runs, accounts and transactions with it.
	Delete(ctx context.Context, c *connection.Connection) error
	// List is in the order of creation.
	List(ctx context.Context, owner Owner, filter ConnectionFilter, page Page) (Slice[*connection.Connection], error)
	// Popular counts the providers of a client's newest connections, at most so many
	// of them.
	Popular(ctx context.Context, client ident.Client, newest int) (map[string]int, error)
}

// ConnectionFilter restricts a list of connections.
type ConnectionFilter struct {
	Provider string
	Status   connection.Status
}

// Challenges are what users were asked.
type Challenges interface {
	// Get fails with connection.ErrNoChallenge.
	Get(ctx context.Context, owner Owner, id ident.Challenge) (*connection.Challenge, error)
	// Current is the newest challenge of a run and channel, whatever its state;
	// it fails with connection.ErrNoChallenge where there is none.
	Current(ctx context.Context, run ident.Synchronization, channel string) (*connection.Challenge, error)
	// Open is the newest challenge of a connection whose state is open, or
	// ErrNoChallenge; whether its time is over is for the core to say.
	Open(ctx context.Context, owner Owner, id ident.Connection) (*connection.Challenge, error)
	// ByReturn finds the challenge of a bank's return, or connection.ErrReturn.
	ByReturn(ctx context.Context, hash string) (*connection.Challenge, error)
	Put(ctx context.Context, c *connection.Challenge) error
}

// Runs hold synchronizations; Put appends the recorded events. Get fails with
// synchronization.ErrNotFound.
type Runs interface {
	Get(ctx context.Context, owner Owner, id ident.Synchronization) (*synchronization.Synchronization, error)
	// Load is Get for the worker, which serves all owners.
	Load(ctx context.Context, id ident.Synchronization) (*synchronization.Synchronization, error)
	// Put fails with synchronization.ErrRunning when a new run finds another of
	// the same connection that is not final: the fault's Subject is its id.
	Put(ctx context.Context, s *synchronization.Synchronization) error
	// Active is the run of a connection that is not final, or ErrNotFound.
	Active(ctx context.Context, id ident.Connection) (*synchronization.Synchronization, error)
	// Due lists runs that are not final, whose DueAt has come and whose lease is
	// not held at now, oldest first.
	Due(ctx context.Context, now time.Time, limit int) ([]ident.Synchronization, error)
	// Rested lists runs that wait for nobody but the bank (Synchronization.Rests)
	// and whose RetryAt has come, the longest over first.
	Rested(ctx context.Context, now time.Time, limit int) ([]ident.Synchronization, error)
	// List is newest first.
	List(ctx context.Context, owner Owner, filter RunFilter, page Page) (Slice[*synchronization.Synchronization], error)
}

// RunFilter restricts a list of runs.
type RunFilter struct {
	Connection ident.Connection
	Status     synchronization.Status
}

// Accounts of users. Get fails with ledger.ErrAccountNotFound; deleted ones are
// found by neither Get nor List.
type Accounts interface {
	Get(ctx context.Context, owner Owner, id ident.Account) (ledger.Account, error)
	// OfConnection lists all accounts of a connection, closed and deleted ones included.
	OfConnection(ctx context.Context, id ident.Connection) ([]ledger.Account, error)
	Put(ctx context.Context, a ledger.Account) error
	// Delete takes the account's transactions with it; it takes away a deleted
	// account too.
	Delete(ctx context.Context, owner Owner, id ident.Account) error
	// List is in the order in which they were first seen.
	List(ctx context.Context, owner Owner, filter AccountFilter, page Page) (Slice[ledger.Account], error)
}

// AccountFilter restricts a list of accounts.
type AccountFilter struct {
	Connection ident.Connection
	Type       bank.AccountType
	Status     ledger.AccountStatus
}

// Transactions of users. Get fails with ledger.ErrTransactionNotFound;
// removed ones are found by neither Get nor List.
type Transactions interface {
	Get(ctx context.Context, owner Owner, id ident.Transaction) (ledger.Transaction, error)
	// Trace is Get that finds removed ones too.
	Trace(ctx context.Context, owner Owner, id ident.Transaction) (ledger.Transaction, error)
	// Between lists the transactions of an account whose effective date lies
	// between two days, both included ("" is open), removed ones too, oldest first.
	Between(ctx context.Context, account ident.Account, from, to bank.Day) ([]ledger.Transaction, error)
	// Transfers lists what can be a side of a transfer (see
	// ledger.Transaction.TransferKey) under one of the keys, between two effective
	// dates, both included; not those of the account except, unless that is empty.
	Transfers(ctx context.Context, owner Owner, keys []string, from, to bank.Day, except ident.Account) ([]ledger.Transaction, error)
	// Put inserts or replaces, any number of rows; of one id the last counts. The
	// feed tells those that clients see differently now (ledger.SameShown); a row
	// that was removed stays so, or Put fails with an Internal fault.
	Put(ctx context.Context, rows ...ledger.Transaction) error
	// List is newest first: by effective date, then id, both falling.
	List(ctx context.Context, owner Owner, filter TransactionFilter, page Page) (Slice[ledger.Transaction], error)
}

// TransactionFilter restricts a list of transactions.
type TransactionFilter struct {
	Account    ident.Account
	Connection ident.Connection
	// From and To bound the effective date, both included.
	From, To bank.Day
	// Min and Max bound the amount, both included, whatever its currency; no
	// amount does not restrict.
	Min, Max *money.Amount
	Status   ledger.Status
	// Categories are the ids to match, word for word; who asks for a group lists
	// its members.
	Categories []string
	// Text is searched in the labels (shown, ours, raw) and the merchant, each by
	// itself, compared by Fold.
	Text string
	// InDoubt finds those that may be the same movement as another one.
	InDoubt bool
}

// Balances are what runs learned of accounts' balances.
type Balances interface {
	// Put stores the record of an account and run, in place of an earlier one. It
	// fails with ledger.ErrAccountNotFound.
	Put(ctx context.Context, owner Owner, r ledger.BalanceRecord) error
	// Of lists those of one account, newest first.
	Of(ctx context.Context, owner Owner, account ident.Account, page Page) (Slice[ledger.BalanceRecord], error)
}

// Revisions are what changed in transactions, for their history.
type Revisions interface {
	// Add stores revisions of transactions that are stored already; a number that
	// a transaction has already is a Conflict fault.
	Add(ctx context.Context, owner Owner, revisions ...ledger.Revision) error
	// Of lists those of one transaction, the first one first.
	Of(ctx context.Context, owner Owner, id ident.Transaction) ([]ledger.Revision, error)
}
