package synchronizing

import (
	"context"
	"errors"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// deepens reports whether a leg may ask for old rows: never when nobody is there,
// because that would cost the accesses that are counted, or make the bank ask. A
// bank's interface has them only shortly after an authentication; at other times
// it may leave them out without a word.
func (v *visit) deepens(leg *synchronization.Leg) bool {
	if v.run.Type != synchronization.All || v.run.Alone() {
		return false
	}
	return v.channel.Type == bank.Embedded || v.run.Trigger == synchronization.Connect || leg.Authenticated
}

// lacks reports whether the leg's channel still owes the old rows of an account.
// One that it shows no more it cannot give, and its id may be another's by now.
func (v *visit) lacks(account ledger.Account) bool {
	return account.FedBy == v.leg.ChannelDefinition && !account.Deleted && account.ShownBy(v.leg.ChannelDefinition) && account.History.Missing()
}

// deepen reads what is older than what was entered. Each account is entered when
// it was read to its end, so that a crash or a failure keeps those before it, and
// one account at a time is held in memory.
func (v *visit) deepen(ctx context.Context) error {
	read, err := v.fresh(ctx, v.readOlder)
	failure, answered := errors.AsType[*provider.Failure](err)
	if err != nil && !answered {
		return err
	}
	if err == nil {
		err = v.commit(ctx, func(tx store.Tx, _ place) error { return v.settleRead(ctx, tx, read) })
	}
	if err != nil && !answered {
		return err
	}
	if err := v.enterRest(ctx, read, failure != nil); err != nil {
		return err
	}
	return v.conclude(ctx, failure, read.failures()...)
}

// readOlder asks for all that lies before what is recent, of the accounts that
// lack it. It overlaps with what was read, like any two readings.
func (v *visit) readOlder(ctx context.Context) (*reading, error) {
	read := newReading(synchronization.StageFull, v.stages(ctx))
	lacking := map[string]ident.Account{}
	read.finished = func(_ string, i *item) error {
		id, named := lacking[i.report.BankID]
		if !named || i.report.BankID == "" {
			return nil
		}
		delete(lacking, i.report.BankID)
		return v.enterOlder(ctx, id, i)
	}
	return read, v.receive(ctx, read, func(_ store.Tx, known []ledger.Account, request *provider.Fetch) error {
		request.Skip = v.skipped(known)
		for _, account := range known {
			name := account.CalledBy(v.channel.DefinitionID)
			if v.lacks(account) {
				lacking[name] = account.ID
			} else if name != "" && account.FedBy == v.channel.DefinitionID {
				request.Skip = append(request.Skip, name)
			}
		}
		request.Window = provider.Window{To: v.day(v.Now()).AddDays(overlap - recentDays)}
		return nil
	})
}

// enterRest enters the accounts that have no name by which they were recognised
// while they were read.
func (v *visit) enterRest(ctx context.Context, read *reading, cut bool) error {
	var known []ledger.Account
	err := v.Store.View(ctx, func(tx store.Tx) (err error) {
		known, err = tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
		return err
	})
	if err != nil {
		return err
	}
	reports := make([]ledger.Report, 0, len(read.order))
	for _, ref := range read.order {
		reports = append(reports, read.items[ref].report)
	}
	for i, match := range v.match(known, reports, cut) {
		item := read.items[read.order[i]]
		if match.Account == "" || !item.report.Read || item.entered {
			continue
		}
		if err := v.enterOlder(ctx, match.Account, item); err != nil {
			return err
		}
	}
	return nil
}

// enterOlder enters the old rows of one account, in one transaction. Balances
// are not touched: those that came with what is recent are compared with it.
func (v *visit) enterOlder(ctx context.Context, id ident.Account, i *item) error {
	err := v.outlast(ctx, len(i.report.Rows), func(ctx context.Context, tx store.Tx, at place) error {
		books := &books{visit: v, tx: tx, at: at, now: v.Now()}
		known, err := books.open(ctx)
		if err != nil {
			return err
		}
		account := recognised(known, id)
		if !v.lacks(account) {
			return nil
		}
		if _, err := books.rows(ctx, account, i.report, account.History == ledger.Moved); err != nil {
			return err
		}
		account.History = ledger.Complete
		if err := tx.Accounts().Put(ctx, account); err != nil {
			return err
		}
		if err := books.transfers(ctx); err != nil {
			return err
		}
		at.run.Progress()
		return books.tell(ctx)
	})
	i.entered, i.report.Rows = true, nil
	return err
}

// conclude ends a leg whose recent rows are entered. An account whose old rows
// are still lacking says so; the next run with the user goes on with it.
func (v *visit) conclude(ctx context.Context, failure *provider.Failure, accounts ...failing) error {
	if failure != nil {
		v.Log.InfoContext(ctx, "older rows not read", "synchronization_id", v.run.ID, "channel", v.leg.ChannelDefinition,
			"code", failure.Code, "whose", failure.Whose, "cause", failure.Err)
	}
	err := v.commit(ctx, func(tx store.Tx, at place) error {
		known, err := tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
		if err != nil {
			return err
		}
		outcome := connection.Outcome{Status: connection.ChannelSuccess}
		for _, account := range known {
			if v.lacks(account) {
				at.run.FallShort(account.ID, problemWith(short(account.CalledBy(v.leg.ChannelDefinition), failure, accounts)))
			}
			if account.FedBy == v.leg.ChannelDefinition && at.run.FellShort(account.ID) {
				outcome.Status, outcome.RetryAt = connection.ChannelPartial, sooner(outcome.RetryAt, account.NextTryAt)
			}
		}
		at.run.Reach(synchronization.StageFinish, len(at.run.Accounts), len(at.run.Accounts))
		return v.finish(ctx, tx, at, outcome)
	})
	if err == nil {
		v.end(ctx)
	}
	return err
}

// failing is an account, as its bank calls it, with what went wrong.
type failing struct {
	bankID  string
	failure *provider.Failure
}

// failures are those of single accounts.
func (r *reading) failures() (all []failing) {
	for _, ref := range r.order {
		if i := r.items[ref]; i.failure != nil && i.report.BankID != "" {
			all = append(all, failing{i.report.BankID, i.failure})
		}
	}
	return all
}

// short is why an account's old rows are lacking: its own failure, or the one
// that ended the fetch; a plugin that ends without a word left them.
func short(bankID string, failure *provider.Failure, accounts []failing) *provider.Failure {
	for _, account := range accounts {
		if account.bankID == bankID {
			return account.failure
		}
	}
	if failure == nil {
		return &provider.Failure{Code: provider.BadData, Whose: provider.Plugin}
	}
	return failure
}

// sooner gives the earlier of two times, of which either may be unknown.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
