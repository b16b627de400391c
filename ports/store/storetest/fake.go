package storetest

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// Options are what a store is given from outside.
type Options struct {
	// Now stamps events; nil is the system's clock.
	Now func() time.Time
	// IDs makes the ids of events; the zero Source is the real one.
	IDs ident.Source
	// Hint, if any, is called after each commit that appended events.
	Hint store.Hint
}

// Fake is a Store in memory. Updates run one after another, each on its own
// copy, which takes the place of the state when it commits.
type Fake struct {
	options Options
	writing sync.Mutex
	reading sync.Mutex
	current *state
}

// NewFake makes an empty store.
func NewFake(options Options) *Fake {
	if options.Now == nil {
		options.Now = time.Now
	}
	if options.IDs.Rand == nil {
		options.IDs = ident.Real()
	}
	if options.Hint == nil {
		options.Hint = func(ident.Client, int64) {}
	}
	return &Fake{options: options, current: newState()}
}

// Jobs lists the jobs that committed updates woke, oldest first.
func (f *Fake) Jobs() []jobs.Job { return slices.Clone(f.snapshot().jobs) }

// View implements store.Store.
func (f *Fake) View(ctx context.Context, fn func(store.Tx) error) error {
	if err := alive(ctx); err != nil {
		return err
	}
	return fn(&fakeTx{fake: f, state: f.snapshot(), readOnly: true})
}

// Update implements store.Store. Called within itself it waits for ever, as
// does a database with one writer.
func (f *Fake) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	f.writing.Lock()
	heads, err := f.update(ctx, fence, fn)
	if err != nil {
		return err
	}
	for client, seq := range heads {
		f.options.Hint(client, seq)
	}
	return nil
}

// update is what happens under the lock, which a panic gives up too.
func (f *Fake) update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) (map[ident.Client]int64, error) {
	defer f.writing.Unlock()
	if err := alive(ctx); err != nil {
		return nil, err
	}
	tx := &fakeTx{fake: f, state: f.snapshot().clone(), changed: map[ident.Client][]fedEntry{}}
	if err := tx.check(fence); err != nil {
		return nil, err
	}
	if err := fn(tx); err != nil {
		return nil, err
	}
	if err := alive(ctx); err != nil {
		return nil, err
	}
	heads, err := tx.number()
	if err != nil {
		return nil, err
	}
	if err := tx.feed(heads); err != nil {
		return nil, err
	}
	f.reading.Lock()
	f.current = tx.state
	f.reading.Unlock()
	return heads, nil
}

func (f *Fake) snapshot() *state {
	f.reading.Lock()
	defer f.reading.Unlock()
	return f.current
}

func alive(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fault.New(fault.Unavailable, "storage_unavailable", "The storage cannot be reached now.").Because(err)
	}
	return nil
}

// fakeTx is one transaction.
type fakeTx struct {
	fake     *Fake
	state    *state
	readOnly bool
	drafts   []clientDraft
	changed  map[ident.Client][]fedEntry
}

type clientDraft struct {
	client ident.Client
	draft  event.Draft
}

func (tx *fakeTx) Clients() store.Clients           { return fakeClients{tx} }
func (tx *fakeTx) Users() store.Users               { return fakeUsers{tx} }
func (tx *fakeTx) Connections() store.Connections   { return fakeConnections{tx} }
func (tx *fakeTx) Challenges() store.Challenges     { return fakeChallenges{tx} }
func (tx *fakeTx) Runs() store.Runs                 { return fakeRuns{tx} }
func (tx *fakeTx) Accounts() store.Accounts         { return fakeAccounts{tx} }
func (tx *fakeTx) Transactions() store.Transactions { return fakeTransactions{tx} }
func (tx *fakeTx) Revisions() store.Revisions       { return fakeRevisions{tx} }
func (tx *fakeTx) Feed() store.Feed                 { return fakeFeed{tx} }
func (tx *fakeTx) Balances() store.Balances         { return fakeBalances{tx} }
func (tx *fakeTx) Queues() store.Queues             { return fakeQueues{tx} }
func (tx *fakeTx) Tokens() store.Tokens             { return fakeTokens{tx} }
func (tx *fakeTx) Attempts() store.Attempts         { return fakeAttempts{tx} }
func (tx *fakeTx) Events() store.Events             { return fakeEvents{tx} }

// Webhooks implements store.Tx.
func (tx *fakeTx) Webhooks() store.Webhooks { return fakeWebhooks{tx} }

// Deliveries implements store.Tx.
func (tx *fakeTx) Deliveries() store.Deliveries { return fakeDeliveries{tx} }

// Configurations implements store.Tx.
func (tx *fakeTx) Configurations() store.Configurations { return fakeConfigurations{tx} }

// WidgetSessions implements store.Tx.
func (tx *fakeTx) WidgetSessions() store.WidgetSessions { return fakeWidgetSessions{tx} }

// Themes implements store.Tx.
func (tx *fakeTx) Themes() store.Themes { return fakeThemes{tx} }

// Rules implements store.Tx.
func (tx *fakeTx) Rules() store.Rules { return fakeRules{tx} }

// Quotas implements store.Tx.
func (tx *fakeTx) Quotas() store.Quotas { return fakeQuotas{tx} }

// Clock implements store.Tx.
func (tx *fakeTx) Clock() store.Clock { return fakeClock{tx} }

// Past implements store.Tx.
func (tx *fakeTx) Past() store.Past { return fakePast{tx} }

// Outages implements store.Tx.
func (tx *fakeTx) Outages() store.Outages { return fakeOutages{tx} }

// Wake implements store.Tx.
func (tx *fakeTx) Wake(_ context.Context, job jobs.Job) error {
	if err := tx.writable(); err != nil {
		return err
	}
	tx.state.jobs = append(slices.Clip(tx.state.jobs), job)
	return nil
}

// Errors that every adapter words for itself; the suite asks for their kind.
var (
	errReadOnly = fault.New(fault.Internal, "read_only", "A view does not write.")
	errOrphan   = fault.New(fault.NotFound, "owner_not_found", "What this belongs to does not exist.")
)

func (tx *fakeTx) writable() error {
	if tx.readOnly {
		return errReadOnly
	}
	return nil
}

func (tx *fakeTx) check(fence store.Fence) error {
	if fence == (store.Fence{}) {
		return nil
	}
	if run, ok := tx.state.runs[fence.Run]; !ok || run.Lease.Epoch != fence.Epoch {
		return synchronization.ErrFenced
	}
	return nil
}
