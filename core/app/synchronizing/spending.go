package synchronizing

import (
	"context"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// spending is what one fetch takes of what the bank allows: reserved with its
// admission, settled with what it came to.
type spending struct {
	call quota.Call
	plan quota.Plan
	// allowed is what the plugin was told.
	allowed []quota.Allowance
}

// worth fails where nobody is there and the bank allows nothing that is worth a
// session: then it is not called at all.
func (v *visit) worth(ctx context.Context, tx store.Tx, _ place) error {
	if v.run.PSU != nil {
		return nil
	}
	known, err := tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
	if err != nil {
		return err
	}
	book, err := v.book(ctx, tx)
	if err != nil {
		return err
	}
	return limited(book.Wait(v.plan(known, v.skipped(known))))
}

// limited is the failure of being turned away until a time; nil where that is no
// time.
func limited(until time.Time) error {
	if until.IsZero() {
		return nil
	}
	return &provider.Failure{Code: provider.RateLimited, Whose: provider.Bank, RetryAt: until}
}

// reserve enters the fetch before it is made, and tells the plugin what it may
// spend. It fails where that is nothing.
func (v *visit) reserve(ctx context.Context, tx store.Tx, request *provider.Fetch) (spent *spending, err error) {
	known, err := tx.Accounts().OfConnection(ctx, v.run.ConnectionID)
	if err != nil {
		return nil, err
	}
	book, err := v.book(ctx, tx)
	if err != nil {
		return nil, err
	}
	spent = &spending{plan: v.plan(known, request.Skip), call: quota.Call{
		ID: ident.New[ident.Call](v.IDs), ClientID: v.run.ClientID, UserID: v.run.UserID, ConnectionID: v.run.ConnectionID,
		SynchronizationID: v.run.ID, Channel: v.channel.DefinitionID, MadeAt: v.Real(),
	}}
	if v.run.PSU != nil {
		spent.call = book.Attend(spent.call, spent.plan, v.Limits.Fetch)
		return spent, tx.Quotas().Put(ctx, spent.call)
	}
	if err := limited(book.Wait(spent.plan)); err != nil {
		return nil, err
	}
	spent.call, spent.allowed = book.Reserve(spent.call, spent.plan, v.Limits.Fetch)
	request.Allowances = v.allowances(spent.allowed, known)
	return spent, tx.Quotas().Put(ctx, spent.call)
}

// allowances are what the plugin may spend, in the bank's names.
func (v *visit) allowances(allowed []quota.Allowance, known []ledger.Account) []provider.Allowance {
	names := map[ident.Account]string{}
	for _, account := range known {
		names[account.ID] = account.CalledBy(v.channel.DefinitionID)
	}
	var told []provider.Allowance
	for _, a := range allowed {
		told = append(told, provider.Allowance{Account: names[a.Account], Scope: provider.Scope(a.Scope), Left: a.Left})
	}
	return told
}

// book is the channel's ledger, of as long as a bank counts.
func (v *visit) book(ctx context.Context, tx store.Tx) (quota.Ledger, error) {
	owner, now := store.Owner{Client: v.run.ClientID, User: v.run.UserID}, v.Now()
	calls, err := tx.Quotas().Of(ctx, owner, v.run.ConnectionID, now.Add(-quota.Window))
	calls = slices.DeleteFunc(calls, func(c quota.Call) bool { return c.Channel != v.channel.DefinitionID })
	return quota.Open(v.limit, now, v.Real(), calls), err
}

// plan is what a fetch costs: the list, and each account that it would read.
func (v *visit) plan(known []ledger.Account, skip []string) quota.Plan {
	plan := quota.Plan{ListOnly: v.run.Type == synchronization.ListAccounts, Over: v.over()}
	for _, account := range known {
		name := account.CalledBy(v.channel.DefinitionID)
		if name != "" && account.Status != ledger.Closed && !slices.Contains(skip, name) {
			plan.Accounts = append(plan.Accounts, account.ID)
		}
	}
	return plan
}

// over is what the run leaves of every allowance. The daily run leaves one, as
// long as all is well: for its next try where it fails, and for a client that
// asks with nobody there.
func (v *visit) over() int {
	switch v.channel.LastOutcome {
	case connection.ChannelSuccess, connection.ChannelPartial, connection.ChannelEmpty:
		if v.run.Trigger == synchronization.Scheduled {
			return quota.Reserve
		}
	}
	return 0
}
