package httpapi

import (
	"context"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/category"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// world is one client with one user and one of everything. The fakes below
// give it out; fail makes every call fail, and seen keeps what a call was given.
type world struct {
	mu     sync.Mutex
	fail   error
	panics any
	// more is the key of the next page that lists give.
	more      store.Key
	principal usecase.Principal
	seen      map[string]any
}

const (
	clientToken = "tra_client"
	userToken   = "tra_user"
)

func (w *world) note(p usecase.Principal, name string, args any) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.panics != nil {
		panic(w.panics)
	}
	w.principal = p
	if w.seen == nil {
		w.seen = map[string]any{}
	}
	w.seen[name] = args
	return w.fail
}

func (w *world) Authenticate(_ context.Context, token secret.String) (usecase.Principal, error) {
	p := usecase.Principal{Client: sampleClient, Scopes: client.Scopes()}
	switch token.Reveal() {
	case clientToken:
		return p, nil
	case userToken:
		p.User = sampleUser().ID
		return p, nil
	}
	return usecase.Principal{}, fault.New(fault.Unauthenticated, "invalid_token", "The access token is unknown, was revoked or has expired.")
}

type fakeUsers struct{ *world }

func (f fakeUsers) Create(_ context.Context, p usecase.Principal, identity user.Identity) (*user.User, error) {
	return sampleUser(), f.note(p, "identity", identity)
}

func (f fakeUsers) Get(_ context.Context, p usecase.Principal, id string) (*user.User, error) {
	if err := f.note(p, "user", id); err != nil {
		return nil, err
	}
	if id != string(sampleUser().ID) && (id != "me" || p.User == "") {
		return nil, user.ErrNotFound
	}
	return sampleUser(), nil
}

func (f fakeUsers) List(_ context.Context, p usecase.Principal, filter store.UserFilter, page store.Page) (store.Slice[*user.User], error) {
	return store.Slice[*user.User]{Items: []*user.User{sampleUser(), externalUser()}, Next: f.more}, f.note(p, "users", [2]any{filter, page})
}

func (f fakeUsers) Change(_ context.Context, p usecase.Principal, _ string, change usecase.UserChange) (*user.User, error) {
	return sampleUser(), f.note(p, "change", change)
}

func (f fakeUsers) Delete(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "delete", id)
}

type fakeProviders struct{ *world }

func (f fakeProviders) List(_ context.Context, filter usecase.ProviderFilter, page store.Page) (store.Slice[provider.Provider], error) {
	return store.Slice[provider.Provider]{Items: []provider.Provider{sampleProvider(), {ID: "bare", Name: "Bare", Country: "FR"}}, Next: f.more},
		f.note(usecase.Principal{}, "providers", [2]any{filter, page})
}

func (f fakeProviders) Get(_ context.Context, id string) (provider.Provider, error) {
	return sampleProvider(), f.note(usecase.Principal{}, "provider", id)
}

type fakeConnections struct{ *world }

func (f fakeConnections) Create(_ context.Context, p usecase.Principal, order usecase.NewConnection) (*connection.Connection, error) {
	return sampleConnection(), f.note(p, "order", order)
}

func (f fakeConnections) Get(_ context.Context, p usecase.Principal, id string) (*connection.Connection, error) {
	return sampleConnection(), f.note(p, "connection", id)
}

func (f fakeConnections) List(_ context.Context, p usecase.Principal, filter store.ConnectionFilter, page store.Page) (store.Slice[*connection.Connection], error) {
	return store.Slice[*connection.Connection]{Items: []*connection.Connection{sampleConnection()}, Next: f.more}, f.note(p, "connections", [2]any{filter, page})
}

func (f fakeConnections) Change(_ context.Context, p usecase.Principal, _ string, change usecase.ConnectionChange) (*connection.Connection, error) {
	return sampleConnection(), f.note(p, "change", change)
}

func (f fakeConnections) Delete(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "delete", id)
}

func (f fakeConnections) ReplaceCredentials(_ context.Context, p usecase.Principal, _ string, channel usecase.NewChannel, _ string) (*connection.Connection, error) {
	return sampleConnection(), f.note(p, "credentials", channel.Credentials)
}

type fakeDiagnoses struct{ *world }

func (f fakeDiagnoses) Diagnose(_ context.Context, p usecase.Principal, id string) (usecase.Diagnosis, error) {
	found := usecase.Diagnosis{Connection: sampleConnection(), Asked: sampleChallenge(), Run: sampleRun(), Accounts: []ledger.Account{sampleAccount()}}
	return found, f.note(p, "diagnosis", id)
}

type fakeQuotas struct{ *world }

func (f fakeQuotas) Quota(_ context.Context, p usecase.Principal, id string) (usecase.Quota, error) {
	three := 3
	return usecase.Quota{Connection: con, At: noon, Channels: []usecase.ChannelQuota{
		{Channel: "testbank-redirect", Limit: 4, Lines: []usecase.QuotaLine{{Scope: quota.Accounts, Used: 1, Left: &three}, {Account: acc, Scope: quota.Balances, Attended: 1, NextFree: noon}}},
		{Channel: "testbank-web"},
	}}, f.note(p, "quota", id)
}

type fakeChallenges struct{ *world }

func (f fakeChallenges) Current(_ context.Context, p usecase.Principal, id string) (*connection.Challenge, error) {
	return sampleChallenge(), f.note(p, "challenge", id)
}

func (f fakeChallenges) Resend(_ context.Context, p usecase.Principal, id string) (*connection.Challenge, error) {
	return sampleChallenge(), f.note(p, "resend", id)
}

func (f fakeChallenges) Answer(_ context.Context, p usecase.Principal, connectionID, challengeID string, answers secret.Values) error {
	if err := f.note(p, "answers", answers); err != nil {
		return err
	}
	if connectionID != string(sampleConnection().ID) {
		return connection.ErrNotFound
	}
	if challengeID != string(sampleChallenge().ID) {
		return connection.ErrNoChallenge
	}
	return nil
}

func (f fakeChallenges) Return(_ context.Context, state secret.String, answers secret.Values) (usecase.Returned, error) {
	if err := f.note(usecase.Principal{}, "returned", answers); err != nil {
		return usecase.Returned{}, err
	}
	switch state.Reveal() {
	case "onward":
		return usecase.Returned{URL: "https://app.example/back"}, nil
	case "visit":
		return usecase.Returned{Visit: wid, URL: "https://app.example/back"}, nil
	case "stay":
		return usecase.Returned{}, nil
	}
	return usecase.Returned{}, connection.ErrReturn
}

type fakeRuns struct{ *world }

func (f fakeRuns) Start(_ context.Context, p usecase.Principal, _ string, kind synchronization.Type) (*synchronization.Synchronization, error) {
	return sampleRun(), f.note(p, "kind", kind)
}

func (f fakeRuns) StartAll(_ context.Context, p usecase.Principal, userID string, kind synchronization.Type) ([]*synchronization.Synchronization, error) {
	return []*synchronization.Synchronization{sampleRun()}, f.note(p, "all", [2]any{userID, kind})
}

func (f fakeRuns) Get(_ context.Context, p usecase.Principal, id string) (*synchronization.Synchronization, error) {
	return sampleRun(), f.note(p, "run", id)
}

func (f fakeRuns) List(_ context.Context, p usecase.Principal, filter store.RunFilter, page store.Page) (store.Slice[*synchronization.Synchronization], error) {
	return store.Slice[*synchronization.Synchronization]{Items: []*synchronization.Synchronization{sampleRun(), queuedRun()}, Next: f.more}, f.note(p, "runs", [2]any{filter, page})
}

func (f fakeRuns) Cancel(_ context.Context, p usecase.Principal, id string) (*synchronization.Synchronization, error) {
	return sampleRun(), f.note(p, "cancel", id)
}

type fakeLedger struct{ *world }

func (f fakeLedger) Account(_ context.Context, p usecase.Principal, id string) (ledger.Account, error) {
	return sampleAccount(), f.note(p, "account", id)
}

func (f fakeLedger) Accounts(_ context.Context, p usecase.Principal, filter store.AccountFilter, page store.Page) (store.Slice[ledger.Account], error) {
	return store.Slice[ledger.Account]{Items: []ledger.Account{sampleAccount(), bareAccount()}, Next: f.more}, f.note(p, "accounts", [2]any{filter, page})
}

func (f fakeLedger) Balances(_ context.Context, p usecase.Principal, id string, page store.Page) (store.Slice[ledger.BalanceRecord], error) {
	a := sampleAccount()
	gap := ledger.Integrity{State: ledger.Gap, Missing: a.Balance, From: "2026-03-01", To: "2026-03-02"}
	records := []ledger.BalanceRecord{
		{AccountID: acc, Synchronization: syn, ReadAt: noon, Balance: a.Balance, Balances: a.Balances, Integrity: gap},
		{AccountID: acc, Synchronization: syn, ReadAt: noon, Integrity: ledger.Integrity{State: ledger.NotComputable}},
	}
	return store.Slice[ledger.BalanceRecord]{Items: records, Next: f.more}, f.note(p, "balances", [2]any{id, page})
}

func (f fakeLedger) Transaction(_ context.Context, p usecase.Principal, id string) (ledger.Transaction, error) {
	return sampleTransaction(), f.note(p, "transaction", id)
}

func (f fakeLedger) Transactions(_ context.Context, p usecase.Principal, filter store.TransactionFilter, page store.Page) (store.Slice[ledger.Transaction], error) {
	return store.Slice[ledger.Transaction]{Items: []ledger.Transaction{sampleTransaction(), bareTransaction()}, Next: f.more}, f.note(p, "transactions", [2]any{filter, page})
}

func (f fakeLedger) Categories(string) []category.Group { return sampleCategories() }

type fakeQueues struct{ *world }

func (f fakeQueues) Create(_ context.Context, p usecase.Principal, filter delivery.Filter) (*delivery.Queue, error) {
	return sampleQueue(), f.note(p, "filter", filter)
}

func (f fakeQueues) List(_ context.Context, p usecase.Principal, page store.Page) (store.Slice[*delivery.Queue], error) {
	return store.Slice[*delivery.Queue]{Items: []*delivery.Queue{sampleQueue()}, Next: f.more}, f.note(p, "queues", page)
}

func (f fakeQueues) Events(_ context.Context, p usecase.Principal, _ string, after *int64, limit int, wait time.Duration) ([]event.Event, error) {
	return sampleEvents(), f.note(p, "read", [3]any{after, limit, wait})
}

func (f fakeQueues) Ack(_ context.Context, p usecase.Principal, _ string, seq int64) (*delivery.Queue, error) {
	return sampleQueue(), f.note(p, "ack", seq)
}

func (f fakeQueues) Lend(_ context.Context, p usecase.Principal, _ string, limit int, hold, wait time.Duration) (usecase.Lent, error) {
	return usecase.Lent{Lease: delivery.Lease{ID: "lea_00000000000000000000000001", Until: noon}, Events: sampleEvents()}, f.note(p, "lend", [3]any{limit, hold, wait})
}

func (f fakeQueues) Return(_ context.Context, p usecase.Principal, _, lease string, seq int64) (*delivery.Queue, error) {
	return sampleQueue(), f.note(p, "return", [2]any{lease, seq})
}

func (f fakeQueues) Delete(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "delete", id)
}

type fakeAccounts struct{ *world }

func (f fakeAccounts) Change(_ context.Context, p usecase.Principal, _ string, change usecase.AccountChange) (ledger.Account, error) {
	return sampleAccount(), f.note(p, "change", change)
}

func (f fakeAccounts) Migrate(_ context.Context, p usecase.Principal, _, to string) (ledger.Account, error) {
	return sampleAccount(), f.note(p, "to", to)
}

func (f fakeAccounts) Delete(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "delete", id)
}

type fakeEvents struct{ *world }

func (f fakeEvents) After(_ context.Context, p usecase.Principal, seq *int64, filter store.EventFilter, limit int, wait time.Duration) ([]event.Event, error) {
	if seq == nil {
		return sampleEvents(), f.note(p, "log", [4]any{"oldest", filter, limit, wait})
	}
	return sampleEvents(), f.note(p, "log", [4]any{*seq, filter, limit, wait})
}
