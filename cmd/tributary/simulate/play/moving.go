package play

import (
	"context"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// accounts are those that clients see, of all connections.
func (l *Living) accounts(ctx context.Context) (shown []ledger.Account, err error) {
	err = l.house.Store.View(ctx, func(tx store.Tx) error {
		shown = nil
		for _, id := range append([]ident.Connection{l.connection}, l.left...) {
			all, err := tx.Accounts().OfConnection(ctx, id)
			if err != nil {
				return err
			}
			for _, a := range all {
				if !a.Deleted {
					shown = append(shown, a)
				}
			}
		}
		return nil
	})
	return shown, err
}

// know takes in which account is which: a user recognises them.
func (l *Living) know(seen Seen) {
	for _, heard := range seen.Heard {
		for _, told := range heard.Answer.Told {
			if a := l.shownAs(seen, heard.Channel, told); a != "" {
				l.mine[told.Account] = a
			}
		}
	}
}

// shownAs is the account that the connection shows for one that was told of. One
// that it shows no more keeps its last id, which may be another's now: what was
// heard of last counts.
func (l *Living) shownAs(seen Seen, channel string, told life.Told) ident.Account {
	var found ledger.Account
	for _, a := range seen.Accounts {
		named := a.ConnectionID == l.connection && a.FedBy == channel && a.BankID == told.BankID && a.Status != ledger.Missing
		if named && (found.ID == "" || a.LastAttemptAt.After(found.LastAttemptAt)) {
			found = a
		}
	}
	return found.ID
}

// move moves each account that the user had to where it is seen now.
func (l *Living) move(ctx context.Context, asker usecase.Principal, seen Seen) (moved int, err error) {
	done := map[*life.Account]bool{}
	for _, heard := range seen.Heard {
		for _, told := range heard.Answer.Told {
			had, now := l.mine[told.Account], l.shownAs(seen, heard.Channel, told)
			if done[told.Account] || had == "" || now == "" {
				continue
			}
			if _, err := l.house.keeper.Migrate(ctx, asker, string(had), string(now)); err != nil {
				return moved, err
			}
			done[told.Account] = true
			moved++
		}
	}
	return moved, nil
}
