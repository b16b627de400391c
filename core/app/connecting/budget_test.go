package connecting_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// TestQuota tells of each channel what the bank counts, and of nothing else.
func TestQuota(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s := service(w)
	made, err := s.Create(t.Context(), w.For(w.Ana), order(usecase.NewChannel{DefinitionID: usecasetest.Redirect}, embedded(credentials())))
	require.NoError(t, err)
	account := ident.New[ident.Account](w.IDs)
	w.Update(func(ctx context.Context, tx store.Tx) error {
		for _, known := range []ledger.Account{
			{ID: account, KnownAs: map[string]string{usecasetest.Redirect: "1"}}, {ID: ident.New[ident.Account](w.IDs), Deleted: true, KnownAs: map[string]string{usecasetest.Redirect: "2"}},
		} {
			known.ClientID, known.UserID, known.ConnectionID = made.ClientID, made.UserID, made.ID
			if err := tx.Accounts().Put(ctx, known); err != nil {
				return err
			}
		}
		return tx.Quotas().Put(ctx, called(w, made, account, time.Hour, false), called(w, made, account, 2*time.Hour, true), called(w, made, account, 25*time.Hour, false))
	})
	told, err := s.Quota(t.Context(), w.For(w.Ana), string(made.ID))
	require.NoError(t, err)
	three, four := 3, 4
	require.Equal(t, usecase.Quota{Connection: made.ID, At: w.Now(), Channels: []usecase.ChannelQuota{
		{Channel: usecasetest.Redirect, Limit: 4, Lines: []usecase.QuotaLine{
			{Scope: quota.Accounts, Left: &four}, {Account: account, Scope: quota.Balances, Left: &four},
			{Account: account, Scope: quota.Transactions, Used: 1, Attended: 1, Left: &three},
		}, Standing: quota.Standing{State: quota.Free}},
		{Channel: usecasetest.Embedded, Lines: []usecase.QuotaLine{{Scope: quota.Accounts}}, Standing: quota.Standing{State: quota.Unlimited}},
	}}, told)
	explained, err := s.Diagnose(t.Context(), w.For(w.Ana), string(made.ID))
	require.NoError(t, err)
	require.Equal(t, told, explained.Quota, "the diagnosis goes by the same")
	for who, p := range map[string]usecase.Principal{"another client": w.As(w.Other), "another user": w.For(w.Ben)} {
		_, err := s.Quota(t.Context(), p, string(made.ID))
		require.Equal(t, connection.ErrNotFound, err, who)
	}
	_, err = s.Quota(t.Context(), w.For(w.Ana), "con_")
	require.Equal(t, connection.ErrNotFound, err)
}

// called is a fetch of an account's transactions, some time ago.
func called(w *usecasetest.World, c *connection.Connection, account ident.Account, ago time.Duration, attended bool) quota.Call {
	at := w.Now().Add(-ago)
	return quota.Call{
		ID: ident.New[ident.Call](w.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID, SynchronizationID: c.LastSynchronizationID,
		Channel: usecasetest.Redirect, BegunAt: at, At: at, MadeAt: at, Attended: attended, Settled: true,
		Lines: []quota.Line{{Key: quota.Key{Account: account, Scope: quota.Transactions}, Count: 1}},
	}
}
