package storetest

import (
	"maps"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/core/schedule"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// state is everything the fake knows. What its maps hold is never changed,
// only replaced: so a copy of the maps is a copy of the state.
type state struct {
	clients        map[ident.Client]client.Client
	configurations map[ident.Configuration]sandbox.Configuration
	clock          sandbox.Clock
	outages        map[string]provider.Outage
	rules          map[ident.Rule]category.Rule
	calls          map[ident.Call]quota.Call
	users          map[ident.User]user.User
	connections    map[ident.Connection]connection.Connection
	challenges     map[ident.Challenge]connection.Challenge
	runs           map[ident.Synchronization]synchronization.Synchronization
	breakers       map[string]schedule.Breaker
	accounts       map[ident.Account]ledger.Account
	transactions   map[ident.Transaction]ledger.Transaction
	revisions      map[ident.Transaction][]ledger.Revision
	balances       map[balanceKey]ledger.BalanceRecord
	queues         map[ident.Queue]delivery.Queue
	webhooks       map[ident.Webhook]delivery.Webhook
	deliveries     map[deliveryKey]delivery.Delivery
	tokens         map[string]store.Token
	attempts       map[string]store.Attempt
	events         map[ident.Client][]event.Event
	tails          map[ident.Client]int64 // how far events are forgotten
	feed           map[ident.Client][]fedEntry
	jobs           []jobs.Job
	consents       map[ident.Consent]consent.Consent
	entries        map[ident.Consent][]consent.Entry
	accesses       map[ident.Access]consent.Access
	withdrawals    map[ident.Consent]consent.Withdrawal
	visits         map[ident.WidgetSession]widget.Session
	themes         map[themeKey]widget.Theme
}

func newState() *state {
	return &state{
		configurations: map[ident.Configuration]sandbox.Configuration{}, rules: map[ident.Rule]category.Rule{}, calls: map[ident.Call]quota.Call{},
		clients: map[ident.Client]client.Client{}, users: map[ident.User]user.User{},
		breakers:    map[string]schedule.Breaker{},
		connections: map[ident.Connection]connection.Connection{}, challenges: map[ident.Challenge]connection.Challenge{},
		runs: map[ident.Synchronization]synchronization.Synchronization{}, accounts: map[ident.Account]ledger.Account{},
		transactions: map[ident.Transaction]ledger.Transaction{}, revisions: map[ident.Transaction][]ledger.Revision{},
		balances: map[balanceKey]ledger.BalanceRecord{}, queues: map[ident.Queue]delivery.Queue{},
		tokens: map[string]store.Token{}, attempts: map[string]store.Attempt{}, events: map[ident.Client][]event.Event{}, tails: map[ident.Client]int64{},
		webhooks: map[ident.Webhook]delivery.Webhook{}, deliveries: map[deliveryKey]delivery.Delivery{},
		feed: map[ident.Client][]fedEntry{}, outages: map[string]provider.Outage{},
		consents: map[ident.Consent]consent.Consent{}, entries: map[ident.Consent][]consent.Entry{},
		accesses: map[ident.Access]consent.Access{}, withdrawals: map[ident.Consent]consent.Withdrawal{},
		visits: map[ident.WidgetSession]widget.Session{}, themes: map[themeKey]widget.Theme{},
	}
}

func (s *state) clone() *state {
	return &state{
		configurations: maps.Clone(s.configurations), clock: s.clock, outages: maps.Clone(s.outages), tails: maps.Clone(s.tails), rules: maps.Clone(s.rules), calls: maps.Clone(s.calls),
		breakers: maps.Clone(s.breakers),
		clients:  maps.Clone(s.clients), users: maps.Clone(s.users), connections: maps.Clone(s.connections),
		challenges: maps.Clone(s.challenges), runs: maps.Clone(s.runs), accounts: maps.Clone(s.accounts),
		transactions: maps.Clone(s.transactions), revisions: maps.Clone(s.revisions), balances: maps.Clone(s.balances), queues: maps.Clone(s.queues), tokens: maps.Clone(s.tokens),
		webhooks: maps.Clone(s.webhooks), deliveries: maps.Clone(s.deliveries),
		attempts: maps.Clone(s.attempts), events: maps.Clone(s.events), feed: maps.Clone(s.feed), jobs: s.jobs,
		consents: maps.Clone(s.consents), entries: maps.Clone(s.entries), accesses: maps.Clone(s.accesses), withdrawals: maps.Clone(s.withdrawals),
		visits: maps.Clone(s.visits), themes: maps.Clone(s.themes),
	}
}

// dropUser erases a user and all that hangs on it.
func (tx *fakeTx) dropUser(id ident.User) {
	s := tx.state
	delete(s.users, id)
	for connection, c := range s.connections {
		if c.UserID == id {
			tx.dropConnection(connection)
		}
	}
	tx.dropConsents(id)
	maps.DeleteFunc(s.tokens, func(_ string, t store.Token) bool { return t.Owner.User == id })
	maps.DeleteFunc(s.rules, func(_ ident.Rule, r category.Rule) bool { return r.UserID == id })
	maps.DeleteFunc(s.visits, func(_ ident.WidgetSession, v widget.Session) bool { return v.UserID == id })
	maps.DeleteFunc(s.attempts, func(_ string, a store.Attempt) bool { return a.Owner.User == id })
}

func (tx *fakeTx) dropConnection(id ident.Connection) {
	s := tx.state
	delete(s.connections, id)
	maps.DeleteFunc(s.challenges, func(_ ident.Challenge, c connection.Challenge) bool { return c.ConnectionID == id })
	maps.DeleteFunc(s.runs, func(_ ident.Synchronization, r synchronization.Synchronization) bool { return r.ConnectionID == id })
	maps.DeleteFunc(s.calls, func(_ ident.Call, c quota.Call) bool { return c.ConnectionID == id })
	for account, a := range s.accounts {
		if a.ConnectionID == id {
			tx.dropAccount(account)
		}
	}
}

func (tx *fakeTx) dropAccount(id ident.Account) {
	delete(tx.state.accounts, id)
	for _, t := range tx.state.transactions {
		if t.AccountID == id {
			delete(tx.state.transactions, t.ID)
			if !t.Removed {
				tx.tell(t, false)
			}
		}
	}
	maps.DeleteFunc(tx.state.revisions, func(id ident.Transaction, _ []ledger.Revision) bool {
		_, kept := tx.state.transactions[id]
		return !kept
	})
}
