package connecting

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Diagnose reads what says where a connection stands in one view, so that its
// parts do not contradict each other.
func (s Service) Diagnose(ctx context.Context, p usecase.Principal, connectionID string) (found usecase.Diagnosis, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) (err error) {
		found, err = s.DiagnoseIn(ctx, tx, p, connectionID)
		return err
	})
	return found, err
}

// DiagnoseIn is Diagnose for who looks at more in the same view.
func (s Service) DiagnoseIn(ctx context.Context, tx store.Tx, p usecase.Principal, connectionID string) (found usecase.Diagnosis, err error) {
	if found.Connection, err = find(ctx, tx, p, connectionID); err != nil {
		return found, err
	}
	c := found.Connection
	if found.Asked, err = tx.Challenges().Open(ctx, p.Owner(), c.ID); err != nil && !fault.IsNotFound(err) {
		return found, err
	}
	if found.Asked != nil && !s.Runs.RealTime().Before(found.Asked.ExpiresAt) {
		found.Asked = nil
	}
	if found.Run, err = tx.Runs().Get(ctx, p.Owner(), c.LastSynchronizationID); err != nil && !fault.IsNotFound(err) {
		return found, err
	}
	if found.Accounts, err = tx.Accounts().OfConnection(ctx, c.ID); err != nil {
		return found, err
	}
	found.Quota, err = s.quotaOf(ctx, tx, p, c, found.Accounts)
	for _, account := range found.Accounts {
		if account.Offered() {
			found.Offered = append(found.Offered, account)
		}
	}
	found.Accounts = slices.DeleteFunc(found.Accounts, func(a ledger.Account) bool { return a.Deleted })
	return found, err
}
