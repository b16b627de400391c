package connecting

import (
	"context"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Quota tells what the bank allows of a connection, and what of it is spent.
func (s Service) Quota(ctx context.Context, p usecase.Principal, connectionID string) (found usecase.Quota, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		c, err := find(ctx, tx, p, connectionID)
		if err != nil {
			return err
		}
		accounts, err := tx.Accounts().OfConnection(ctx, c.ID)
		if err != nil {
			return err
		}
		found, err = s.quotaOf(ctx, tx, p, c, accounts)
		return err
	})
	return found, err
}

func (s Service) quotaOf(ctx context.Context, tx store.Tx, p usecase.Principal, c *connection.Connection, accounts []ledger.Account) (found usecase.Quota, err error) {
	bank, err := s.Catalogue.Provider(ctx, c.ProviderID)
	if err != nil && !fault.IsNotFound(err) {
		return found, err
	}
	found = usecase.Quota{Connection: c.ID, At: s.Now()}
	calls, err := tx.Quotas().Of(ctx, p.Owner(), c.ID, found.At.Add(-quota.Window))
	for _, channel := range c.Channels {
		book, shown := quota.Open(synchronizing.LimitOf(bank, channel), found.At, s.Runs.RealTime(), through(calls, channel)), shownBy(channel, accounts)
		found.Channels = append(found.Channels, usecase.ChannelQuota{
			Channel: channel.DefinitionID, Limit: book.Limit, Lines: lines(book, keys(shown)), Standing: book.Standing(quota.Plan{Accounts: shown}),
		})
	}
	return found, err
}

func through(calls []quota.Call, channel connection.Channel) (those []quota.Call) {
	for _, call := range calls {
		if call.Channel == channel.DefinitionID {
			those = append(those, call)
		}
	}
	return those
}

// shownBy are the accounts that a channel shows.
func shownBy(channel connection.Channel, accounts []ledger.Account) (shown []ident.Account) {
	for _, account := range accounts {
		if !account.Deleted && account.CalledBy(channel.DefinitionID) != "" {
			shown = append(shown, account.ID)
		}
	}
	return shown
}

// keys are what a bank counts of a channel: the list of accounts, and each kind
// of data of each account that the channel shows.
func keys(shown []ident.Account) []quota.Key {
	counted := []quota.Key{{Scope: quota.Accounts}}
	for _, account := range shown {
		for _, scope := range []quota.Scope{quota.Balances, quota.Transactions} {
			counted = append(counted, quota.Key{Account: account, Scope: scope})
		}
	}
	return counted
}

func lines(book quota.Ledger, counted []quota.Key) (told []usecase.QuotaLine) {
	for _, key := range counted {
		line := usecase.QuotaLine{Account: key.Account, Scope: key.Scope, Used: book.Used(key), Attended: book.Attended(key), NextFree: book.NextFree(key, 0)}
		if left, limited := book.Left(key); limited {
			line.Left = &left
		}
		told = append(told, line)
	}
	return told
}
