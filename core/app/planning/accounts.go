package planning

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// Accounts tells when accounts are tried next: with the channel that feeds
// them, and not before their bank allows it. One that is closed, or that no
// channel reads by itself, is not tried, whatever its bank said.
func Accounts(ctx context.Context, tx store.Tx, accounts ...*ledger.Account) error {
	seen := map[ident.Connection]bool{}
	var ids []ident.Connection
	for _, a := range accounts {
		if !seen[a.ConnectionID] {
			seen[a.ConnectionID] = true
			ids = append(ids, a.ConnectionID)
		}
	}
	plans, err := tx.Schedules().Plans(ctx, ids...)
	if err != nil {
		return err
	}
	for _, a := range accounts {
		next := plans[a.ConnectionID][a.FedBy]
		switch {
		case a.Status == ledger.Closed:
			a.NextTryAt = time.Time{}
		case next.IsZero() || next.After(a.NextTryAt):
			a.NextTryAt = next
		}
	}
	return nil
}
