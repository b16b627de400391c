package bunstore

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// reading runs one of the port's reads; the function it is given makes a page
// out of the place to start after.
type reading func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error

var (
	someClient = store.Owner{Client: "cli_1"}
	someUser   = store.Owner{Client: "cli_1", User: "usr_1"}
	day        = store.Key{"2026-01-01", "txn_00000000000000000000000000"}
	amount     = money.Must("1", "EUR")
)

func at(prefix string) store.Key { return store.Key{"1", prefix + "_00000000000000000000000000"} }

type byAll = store.TransactionFilter

// plans are the reads and how SQLite's plan says it finds their rows.
var plans = []struct {
	name string
	step string
	read reading
}{
	{"clients", `USING INDEX clients_created`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Clients().List(ctx, p(at("cli")))
		return err
	}},
	{"users", `users_created \(client_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Users().List(ctx, "cli_1", store.UserFilter{}, p(at("usr")))
		return err
	}},
	{"connections of a client", `connections_of_client \(client_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Connections().List(ctx, someClient, store.ConnectionFilter{Provider: "p", Status: "s"}, p(at("con")))
		return err
	}},
	{"connections of a user", `connections_of_user \(user_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Connections().List(ctx, someUser, store.ConnectionFilter{}, p(at("con")))
		return err
	}},
	{"popular providers", `connections_of_client \(client_id=\?`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Connections().Popular(ctx, "cli_1", 500)
		return err
	}},
	{"the visit at a connection", `widget_sessions_at \(connection_id=\?`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.WidgetSessions().At(ctx, "con_1")
		if fault.IsNotFound(err) {
			err = nil
		}
		return err
	}},
	{"visits that ended by time", `INDEX widget_sessions_lapsed`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.WidgetSessions().Lapsed(ctx, time.Unix(1, 0), 100)
		return err
	}},
	{"consents of a client", `consents_of_client \(client_id=\?`, consentList(someClient, store.ConsentFilter{Status: "s"})},
	{"consents of a user", `consents_of_user \(user_id=\?`, consentList(someUser, store.ConsentFilter{})},
	{"consents of a connection", `consents_of_connection \(connection_id=\?`, consentList(someClient, store.ConsentFilter{Connection: "con_1"})},
	{"consents of a user's connection", `consents_of_connection \(connection_id=\?`, consentList(someUser, store.ConsentFilter{Connection: "con_1"})},
	{"consents that are due", `USING (COVERING )?INDEX consents_due`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Consents().Due(ctx, time.Unix(1, 0), 100)
		return err
	}},
	{"accesses under a consent", `consent_accesses_of_consent \(consent_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Accesses().Of(ctx, someUser, "cst_1", p(at("acs")))
		return err
	}},
	{"accesses without an end", `USING INDEX consent_accesses_open`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Accesses().Open(ctx, time.Unix(1, 0), 100)
		return err
	}},
	{"withdrawals that are due", `USING (COVERING )?INDEX consent_withdrawals_due`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Withdrawals().Due(ctx, time.Unix(1, 0), 100)
		return err
	}},
	{"runs of a client", `synchronizations_of_client \(client_id=\?`, runList(someClient, store.RunFilter{}, at("syn"))},
	{"runs of a user", `synchronizations_of_user \(user_id=\?`, runList(someUser, store.RunFilter{Status: synchronization.Success}, at("syn"))},
	{"runs of a connection", `synchronizations_of_connection \(connection_id=\?`, runList(someClient, store.RunFilter{Connection: "con_1"}, at("syn"))},
	{"runs of a user's connection", `synchronizations_of_connection \(connection_id=\?`, runList(someUser, store.RunFilter{Connection: "con_1"}, at("syn"))},
	{"accounts of a client", `accounts_of_client \(client_id=\?`, accountList(someClient, store.AccountFilter{Type: "t", Status: "s"}, at("acc"))},
	{"accounts of a user", `accounts_of_user \(user_id=\?`, accountList(someUser, store.AccountFilter{}, at("acc"))},
	{"accounts of a connection", `accounts_of_connection \(connection_id=\?`, accountList(someUser, store.AccountFilter{Connection: "con_1"}, at("acc"))},
	{"transactions of a client", `transactions_of_client \(client_id=\?`, transactionList(someClient, byAll{}, day)},
	{"transactions of a user", `transactions_of_user \(user_id=\?`, transactionList(someUser, byAll{}, day)},
	{"transactions of a user in a time", `transactions_of_user \(user_id=\? AND effective_date>\?`, transactionList(someUser, byAll{From: "2026-01-01"}, day)},
	{"transactions of a connection", `transactions_of_connection \(connection_id=\?`, transactionList(someUser, byAll{Connection: "con_1"}, day)},
	{"transactions of an account", `transactions_of_account \(account_id=\?`, transactionList(someUser, byAll{Account: "acc_1", Connection: "con_1", To: "2026-01-01"}, day)},
	{"transactions by all else", `transactions_of_user \(user_id=\?`, transactionList(someUser, byAll{
		Min: &amount, Max: &amount, Status: "s", Categories: []string{"a", "b"}, Text: "t"}, day)},
	{"the feed of a client", `sqlite_autoindex_feed_1 \(client_id=\? AND \(seq,last\)>|event_heads_1 \(client_id=\?\)`, feedPage(someClient, 800)},
	{"the feed of a user", `feed_of_user \(user_id=\? AND \(seq,last\)>|event_heads_1 \(client_id=\?\)`, feedPage(someUser, 800)},
	{"transactions between days", `transactions_of_account \(account_id=\? AND effective_date>\? AND effective_date<\?\)`,
		func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
			_, err := tx.Transactions().Between(ctx, "acc_1", "2026-01-01", "2026-02-01")
			return err
		}},
	{"accounts to match", `accounts_of_connection \(connection_id=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Accounts().OfConnection(ctx, "con_1")
		return err
	}},
	{"queues of a client", `queues_of_client \(client_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Queues().List(ctx, someClient, p(at("que")))
		return err
	}},
	{"configurations of a client", `configurations_of_client \(client_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Configurations().List(ctx, "cli_1", p(at("cfg")))
		return err
	}},
	{"rules of a client", `category_rules_of_client \(client_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Rules().List(ctx, someClient, p(at("rul")))
		return err
	}},
	{"rules of a user", `category_rules_of_user \(user_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Rules().List(ctx, someUser, p(at("rul")))
		return err
	}},
	{"rules over a user", `category_rules_of_all_users \(client_id=\?\)|category_rules_of_user \(user_id=\?\)`,
		func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
			_, err := tx.Rules().Over(ctx, someUser)
			return err
		}},
	{"webhooks of a client", `webhooks_of_client \(client_id=\?`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Webhooks().List(ctx, "cli_1", p(at("whk")))
		return err
	}},
	{"deliveries of a webhook", `SEARCH delivery_row USING PRIMARY KEY \(webhook_id=\?|SEARCH w USING INDEX sqlite_autoindex_webhooks_1 \(id=\?\)|SCALAR SUBQUERY`,
		func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
			_, err := tx.Deliveries().List(ctx, "cli_1", "whk_1", store.DeliveryFilter{Status: "s"}, p(store.Key{"90000", "evt_00000000000000000000000000"}))
			return err
		}},
	{"due deliveries", `deliveries_due \(webhook_id=\? AND next_at<\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Deliveries().Due(ctx, "whk_1", time.Unix(1, 0), 10)
		return err
	}},
	{"the next delivery", `deliveries_due \(webhook_id=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Deliveries().Next(ctx, "whk_1")
		return err
	}},
	{"deliveries beyond a number", `PRIMARY KEY \(webhook_id=\? AND seq>\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Deliveries().Beyond(ctx, "whk_1", 5, 30)
		return err
	}},
	{"some deliveries", `PRIMARY KEY \(webhook_id=\? AND seq=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Deliveries().Some(ctx, "whk_1", 5, 6)
		return err
	}},
	{"events by number", `autoindex_events_2 \(client_id=\? AND seq=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Events().At(ctx, "cli_1", 5, 6)
		return err
	}},
	{"configurations", `USING INDEX configurations_created`, func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Configurations().All(ctx, p(at("cfg")))
		return err
	}},
	{"old end of a log", `sqlite_autoindex_events_2 \(client_id=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Past().Events(ctx, "cli_1", time.Unix(1, 0), 10)
		return err
	}},
	{"events", `USING INDEX sqlite_autoindex_events_2 \(client_id=\? AND seq>\?\)|event_tails_1 \(client_id=\?\)`, eventList(store.EventFilter{Names: event.Names()})},
	{"events of a name", `events_of_name \(client_id=\? AND name=\? AND seq>\?\)|event_tails_1 \(client_id=\?\)`, eventList(store.EventFilter{Names: []event.Name{"a"}})},
	{"events of two names", `events_of_name \(client_id=\? AND name=\? AND seq>\?\)|event_tails_1 \(client_id=\?\)`, eventList(store.EventFilter{Names: []event.Name{"a", "b"}})},
	{"events of a user", `events_of_user \(user_id=\? AND seq>\?\)|event_tails_1 \(client_id=\?\)`, eventList(store.EventFilter{User: "usr_1"})},
	{"events of a connection", `events_of_connection \(connection_id=\? AND seq>\?\)|event_tails_1 \(client_id=\?\)`, eventList(store.EventFilter{User: "usr_1", Connection: "con_1"})},
	{"due runs", `synchronizations_due \(due_at<\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Runs().Due(ctx, time.Unix(1, 0), 10)
		return err
	}},
	{"rested runs", `synchronizations_rested \(retry_at>\? AND retry_at<\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Runs().Rested(ctx, time.Unix(1, 0), 10)
		return err
	}},
	{"calls that a bank counts", `quota_calls_of_connection \(connection_id=\? AND at>\?\)|sqlite_autoindex_connections_1 \(id=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Quotas().Of(ctx, someClient, "con_1", time.Unix(1, 0))
		return errNotMissing(err)
	}},
	{"due connections", `COVERING INDEX connections_due \(next_synchronization_at<\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Schedules().Due(ctx, time.Unix(1, 0), []string{"a", "b"}, 10)
		return err
	}},
	{"connections beyond", `COVERING INDEX connections_due \(next_synchronization_at>\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Schedules().Beyond(ctx, time.Unix(1, 0), 10)
		return err
	}},
	{"the active run", `synchronizations_active \(connection_id=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Runs().Active(ctx, "con_1")
		return errNotMissing(err)
	}},
	{"a user by e-mail", `users_email \(client_id=\? AND email_key=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Users().ByEmail(ctx, "cli_1", "a")
		return errNotMissing(err)
	}},
	{"a user by external id", `users_external_id \(client_id=\? AND external_id=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Users().ByExternalID(ctx, "cli_1", "a")
		return errNotMissing(err)
	}},
	{"the current challenge", `challenges_of_run \(synchronization_id=\? AND channel_definition=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Challenges().Current(ctx, "syn_1", "a")
		return errNotMissing(err)
	}},
	{"the open challenge", `challenges_of_connection \(connection_id=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Challenges().Open(ctx, someUser, "con_1")
		return errNotMissing(err)
	}},
	{"the challenge of a return", `challenges_return \(return_hash=\?\)`, func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Challenges().ByReturn(ctx, "hash")
		return errNotMissing(err)
	}},
}

func runList(owner store.Owner, filter store.RunFilter, key store.Key) reading {
	return func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Runs().List(ctx, owner, filter, p(key))
		return err
	}
}

func accountList(owner store.Owner, filter store.AccountFilter, key store.Key) reading {
	return func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Accounts().List(ctx, owner, filter, p(key))
		return err
	}
}

func transactionList(owner store.Owner, filter store.TransactionFilter, key store.Key) reading {
	return func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Transactions().List(ctx, owner, filter, p(key))
		return err
	}
}

// feedPage reads ten lines for 800 entries.
func feedPage(owner store.Owner, limit int) reading {
	return func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Feed().After(ctx, owner, store.Place{Told: 1}, limit)
		return err
	}
}

func eventList(filter store.EventFilter) reading {
	return func(ctx context.Context, tx store.Tx, _ func(store.Key) store.Page) error {
		_, err := tx.Events().After(ctx, "cli_1", 5, filter, 10)
		return err
	}
}

// errNotMissing passes what is no mere absence: the tables are empty here.
func errNotMissing(err error) error {
	if err == nil || fault.IsNotFound(err) {
		return nil
	}
	return err
}

func consentList(owner store.Owner, filter store.ConsentFilter) reading {
	return func(ctx context.Context, tx store.Tx, p func(store.Key) store.Page) error {
		_, err := tx.Consents().List(ctx, owner, filter, p(at("cst")))
		return err
	}
}
