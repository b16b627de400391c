package storetest

import (
	"maps"
	"reflect"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

var viewCases = []testCase{
	{"sees_one_state", func(w *world) {
		e := w.newEstate(w.newClient())
		count := func(tx store.Tx) int {
			s, err := tx.Users().List(w.ctx, e.client.ID, store.UserFilter{}, whole)
			require.NoError(w, err)
			return len(s.Items)
		}
		require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error {
			require.Equal(w, 1, count(tx))
			newcomer := w.newUser(e.client)
			newcomer.Record(event.Draft{Name: event.UserCreated})
			w.put(newcomer) // somebody writes meanwhile
			require.Equal(w, 1, count(tx))
			head, err := tx.Events().Head(w.ctx, e.client.ID)
			require.EqualValues(w, 1, head, "what the estate began with")
			return err
		}))
		require.NoError(w, w.Store.View(w.ctx, func(tx store.Tx) error { require.Equal(w, 2, count(tx)); return nil }))
	}},
	{"gives_back_the_error", func(w *world) {
		require.ErrorIs(w, w.Store.View(w.ctx, func(store.Tx) error { return errOnPurpose }), errOnPurpose)
	}},
	{"does_not_write", viewsDoNotWrite},
}

func viewsDoNotWrite(w *world) {
	e := w.newEstate(w.newClient())
	e.user.Erased()
	writes := consentWrites(w, e)
	maps.Copy(writes, map[string]func(store.Tx) error{
		"Clients.Put":        func(tx store.Tx) error { return tx.Clients().Put(w.ctx, e.client) },
		"Users.Put":          func(tx store.Tx) error { return tx.Users().Put(w.ctx, e.user) },
		"Users.Delete":       func(tx store.Tx) error { return tx.Users().Delete(w.ctx, e.user) },
		"Connections.Put":    func(tx store.Tx) error { return tx.Connections().Put(w.ctx, e.connection) },
		"Connections.Delete": func(tx store.Tx) error { return tx.Connections().Delete(w.ctx, e.connection) },
		"Challenges.Put":     func(tx store.Tx) error { return tx.Challenges().Put(w.ctx, e.challenge) },
		"Runs.Put":           func(tx store.Tx) error { return tx.Runs().Put(w.ctx, e.run) },
		"Breakers.Put":       func(tx store.Tx) error { return tx.Breakers().Put(w.ctx, "oak", schedule.Breaker{Failures: 1}) },
		"Accounts.Put":       func(tx store.Tx) error { return tx.Accounts().Put(w.ctx, e.account) },
		"Accounts.Delete":    func(tx store.Tx) error { return tx.Accounts().Delete(w.ctx, e.owner(), e.account.ID) },
		"Transactions.Put":   func(tx store.Tx) error { return tx.Transactions().Put(w.ctx, e.transaction) },
		"Revisions.Add": func(tx store.Tx) error {
			return tx.Revisions().Add(w.ctx, e.owner(), ledger.Revision{TransactionID: e.transaction.ID, Number: 1})
		},
		"Balances.Put": func(tx store.Tx) error {
			return tx.Balances().Put(w.ctx, e.owner(), ledger.BalanceRecord{AccountID: e.account.ID})
		},
		"Queues.Put":            func(tx store.Tx) error { return tx.Queues().Put(w.ctx, e.queue) },
		"Queues.Delete":         func(tx store.Tx) error { return tx.Queues().Delete(w.ctx, e.owner(), e.queue.ID) },
		"Tokens.Put":            func(tx store.Tx) error { return tx.Tokens().Put(w.ctx, e.token) },
		"Tokens.Revoke":         func(tx store.Tx) error { return tx.Tokens().Revoke(w.ctx, e.token.Hash) },
		"Tokens.RevokeFamily":   func(tx store.Tx) error { return tx.Tokens().RevokeFamily(w.ctx, e.token.Family) },
		"Tokens.Sweep":          func(tx store.Tx) error { return tx.Tokens().Sweep(w.ctx, genesis.AddDate(9, 0, 0)) },
		"Attempts.Add":          func(tx store.Tx) error { return tx.Attempts().Add(w.ctx, w.newAttempt(e.user)) },
		"Attempts.Put":          func(tx store.Tx) error { return tx.Attempts().Put(w.ctx, w.newAttempt(e.user)) },
		"Attempts.Delete":       func(tx store.Tx) error { return tx.Attempts().Delete(w.ctx, "none") },
		"Attempts.Sweep":        func(tx store.Tx) error { return tx.Attempts().Sweep(w.ctx, genesis) },
		"Configurations.Put":    func(tx store.Tx) error { return tx.Configurations().Put(w.ctx, w.newConfiguration(e.client)) },
		"Configurations.Delete": func(tx store.Tx) error { return tx.Configurations().Delete(w.ctx, e.client.ID, e.configuration.ID) },
		"Rules.Put":             func(tx store.Tx) error { return tx.Rules().Put(w.ctx, e.rule) },
		"Rules.Delete":          func(tx store.Tx) error { return tx.Rules().Delete(w.ctx, e.owner(), e.rule.ID) },
		"Quotas.Put":            func(tx store.Tx) error { return tx.Quotas().Put(w.ctx, w.newCall(e.connection, 0)) },
		"Quotas.Sweep":          func(tx store.Tx) error { return tx.Quotas().Sweep(w.ctx, genesis, genesis) },
		"Clock.Put":             func(tx store.Tx) error { return tx.Clock().Put(w.ctx, sandbox.Clock{Revision: 1}) },
		"Events.Append":         func(tx store.Tx) error { return tx.Events().Append(w.ctx, e.client.ID, draft(1)) },
		"Wake":                  func(tx store.Tx) error { return tx.Wake(w.ctx, jobs.Job{Kind: "a"}) },
	})
	maps.Copy(writes, w.webhookWrites(e))
	maps.Copy(writes, w.outageWrites())
	maps.Copy(writes, w.visitWrites(e))
	maps.Copy(writes, w.themeWrites(e))
	require.Empty(w, missingWrites(writes))
	for name, write := range writes {
		err := w.Store.View(w.ctx, write)
		require.Equal(w, fault.Internal, fault.KindOf(err), name)
		require.Error(w, err, name)
	}
	w.gone(e)
	require.False(w, w.token(e.token.Hash).Revoked)
	require.Empty(w, w.log(e.client.ID))
	require.Empty(w, w.Jobs())
	require.Equal(w, []event.Draft{{Name: event.UserDeleted, Version: 1, UserID: e.user.ID}}, e.user.Drain(), "what was not stored is not lost")
}

// webhookWrites are those of webhooks, their deliveries, and the end of the log.
func (w *world) webhookWrites(e estate) map[string]func(store.Tx) error {
	return map[string]func(store.Tx) error{
		"Webhooks.Put":    func(tx store.Tx) error { return tx.Webhooks().Put(w.ctx, e.webhook) },
		"Webhooks.Delete": func(tx store.Tx) error { return tx.Webhooks().Delete(w.ctx, e.client.ID, e.webhook.ID) },
		"Past.Forget":     func(tx store.Tx) error { return tx.Past().Forget(w.ctx, e.client.ID, 1) },
		"Deliveries.Put":  func(tx store.Tx) error { return tx.Deliveries().Put(w.ctx, w.newDelivery(e.webhook)) },
		"Deliveries.Sweep": func(tx store.Tx) error {
			_, err := tx.Deliveries().Sweep(w.ctx, genesis, 1)
			return err
		},
	}
}

// outageWrites are those of plugins that are given up.
func (w *world) outageWrites() map[string]func(store.Tx) error {
	return map[string]func(store.Tx) error{
		"Outages.Begin": func(tx store.Tx) error {
			_, err := tx.Outages().Begin(w.ctx, provider.Outage{Plugin: "p"})
			return err
		},
		"Outages.End": func(tx store.Tx) error { _, err := tx.Outages().End(w.ctx, "p"); return err },
	}
}

// missingWrites looks through the port for methods that write and are not in
// the table.
func missingWrites(writes map[string]func(store.Tx) error) (missing []string) {
	verbs := map[string]bool{"Put": true, "Add": true, "Delete": true, "Revoke": true, "RevokeFamily": true, "Sweep": true, "Append": true, "Begin": true, "End": true, "Forget": true}
	tx := reflect.TypeFor[store.Tx]()
	for i := range tx.NumMethod() {
		method := tx.Method(i)
		if method.Type.NumOut() != 1 || method.Type.Out(0).Kind() != reflect.Interface {
			continue
		}
		for j := range method.Type.Out(0).NumMethod() {
			name := method.Name + "." + method.Type.Out(0).Method(j).Name
			if verbs[method.Type.Out(0).Method(j).Name] && writes[name] == nil {
				missing = append(missing, name)
			}
		}
	}
	return missing
}
