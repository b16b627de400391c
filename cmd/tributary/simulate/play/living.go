package play

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/app/reading"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Living is a life under way.
type Living struct {
	house      *House
	life       *life.Life
	size       life.Size
	asker      usecase.Principal
	connection ident.Connection
	// left are the connections from which the accounts have moved.
	left []ident.Connection
	// mine are the user's accounts: which of ours is which of the bank's.
	mine   map[*life.Account]ident.Account
	copy   *Copy
	reader reading.Service
}

// Heard is what the bank told on one channel, as the application took it.
type Heard struct {
	Channel string
	Answer  life.Answer
}

// Seen is what a visit came to: what the bank told, and what our side made of it.
type Seen struct {
	Heard []Heard
	Run   *synchronization.Synchronization
	// Accounts are those that clients see; so many of them moved in this visit.
	Accounts []ledger.Account
	Moved    int
}

// noJobs takes the place of a queue: each run is worked on as soon as it is queued.
func noJobs(context.Context, *sql.Tx, jobs.Job) error { return nil }

// Visit plays one visit.
func (l *Living) Visit(ctx context.Context, number int) (seen Seen, err error) {
	v := l.life.Visits[number]
	l.house.now = v.At
	l.house.ear.listen(number)
	asker := l.asker
	if v.Present {
		asker.PSU = someone
	}
	run, err := l.start(ctx, asker, number)
	if err != nil {
		return seen, err
	}
	if err := l.house.worker.Handle(ctx, string(run)); err != nil {
		return seen, err
	}
	if seen.Run, err = l.house.runs.Get(ctx, asker, string(run)); err != nil {
		return seen, err
	}
	if !seen.Run.Status.Final() {
		return seen, fmt.Errorf("the run is still %s", seen.Run.Status)
	}
	seen.Heard = l.house.ear.heard
	if seen.Accounts, err = l.accounts(ctx); err == nil && v.Kind == life.Moving {
		if seen.Moved, err = l.move(ctx, asker, seen); err == nil {
			seen.Accounts, err = l.accounts(ctx)
		}
	}
	l.know(seen)
	return seen, err
}

func (l *Living) start(ctx context.Context, asker usecase.Principal, number int) (ident.Synchronization, error) {
	switch v := l.life.Visits[number]; {
	case number == 0 || v.Kind == life.Moving:
		made, err := l.connect(ctx, asker, number)
		if err != nil {
			return "", err
		}
		if number > 0 {
			l.left = append(l.left, l.connection)
		}
		l.connection = made.ID
		return made.LastSynchronizationID, nil
	case v.Kind == life.Reconnect:
		changed, err := l.house.links.ReplaceCredentials(ctx, asker, string(l.connection), usecase.NewChannel{DefinitionID: l.life.ChannelsAt(number)[0], Credentials: l.credentials()}, "")
		if err != nil {
			return "", err
		}
		return changed.LastSynchronizationID, nil
	case v.Kind == life.Listing:
		run, err := l.house.runs.Start(ctx, asker, string(l.connection), synchronization.ListAccounts)
		if err != nil {
			return "", err
		}
		return run.ID, nil
	}
	run, err := l.house.runs.Start(ctx, asker, string(l.connection), synchronization.All)
	if err != nil {
		return "", err
	}
	return run.ID, nil
}

func (l *Living) connect(ctx context.Context, asker usecase.Principal, number int) (*connection.Connection, error) {
	order := usecase.NewConnection{ProviderID: ProviderID}
	for _, channel := range l.life.ChannelsAt(number) {
		order.Channels = append(order.Channels, usecase.NewChannel{DefinitionID: channel, Credentials: l.credentials()})
	}
	return l.house.links.Create(ctx, asker, order)
}

// credentials tell a bank in another process which life it plays.
func (l *Living) credentials() secret.Values {
	return secret.Values{"life": secret.New(fmt.Sprintf("%d/%d/%d", l.life.Seed, l.size.Accounts, l.size.Days))}
}

// Rows are an account's stored rows from a day on, tombstones included.
func (l *Living) Rows(ctx context.Context, account ident.Account, from bank.Day) (rows []ledger.Transaction, err error) {
	err = l.house.Store.View(ctx, func(tx store.Tx) error {
		rows, err = tx.Transactions().Between(ctx, account, from, "")
		return err
	})
	return rows, err
}
