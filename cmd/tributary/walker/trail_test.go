package walker

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/tributary-dev/tributary/ports/store"
)

// trail is a store that remembers who asked it for what: each transaction, and
// in it each repository, with the line of ours that turned to it.
type trail struct {
	store.Store
	mu    sync.Mutex
	steps []string
}

// take gives the steps since it was asked last.
func (t *trail) take() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	steps := t.steps
	t.steps = nil
	return steps
}

func (t *trail) step(what string) {
	_, file, line, _ := runtime.Caller(2)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.steps = append(t.steps, fmt.Sprintf("%s at %s:%d", what, filepath.Base(file), line))
}

// View implements the port.
func (t *trail) View(ctx context.Context, fn func(store.Tx) error) error {
	t.step("view")
	return t.Store.View(ctx, func(tx store.Tx) error { return fn(followed{tx, t}) })
}

// Update implements the port.
func (t *trail) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	t.step("update")
	return t.Store.Update(ctx, fence, func(tx store.Tx) error { return fn(followed{tx, t}) })
}

type followed struct {
	store.Tx
	trail *trail
}

func (f followed) Clients() store.Clients { f.trail.step("clients"); return f.Tx.Clients() }
func (f followed) Users() store.Users     { f.trail.step("users"); return f.Tx.Users() }
func (f followed) Connections() store.Connections {
	f.trail.step("connections")
	return f.Tx.Connections()
}
func (f followed) Schedules() store.Schedules   { f.trail.step("schedules"); return f.Tx.Schedules() }
func (f followed) Breakers() store.Breakers     { f.trail.step("breakers"); return f.Tx.Breakers() }
func (f followed) Challenges() store.Challenges { f.trail.step("challenges"); return f.Tx.Challenges() }
func (f followed) Runs() store.Runs             { f.trail.step("runs"); return f.Tx.Runs() }
func (f followed) Accounts() store.Accounts     { f.trail.step("accounts"); return f.Tx.Accounts() }
func (f followed) Transactions() store.Transactions {
	f.trail.step("transactions")
	return f.Tx.Transactions()
}
func (f followed) Queues() store.Queues     { f.trail.step("queues"); return f.Tx.Queues() }
func (f followed) Webhooks() store.Webhooks { f.trail.step("webhooks"); return f.Tx.Webhooks() }
func (f followed) Deliveries() store.Deliveries {
	f.trail.step("deliveries")
	return f.Tx.Deliveries()
}
func (f followed) Themes() store.Themes { f.trail.step("themes"); return f.Tx.Themes() }
func (f followed) WidgetSessions() store.WidgetSessions {
	f.trail.step("widget sessions")
	return f.Tx.WidgetSessions()
}
func (f followed) Tokens() store.Tokens       { f.trail.step("tokens"); return f.Tx.Tokens() }
func (f followed) Attempts() store.Attempts   { f.trail.step("attempts"); return f.Tx.Attempts() }
func (f followed) Events() store.Events       { f.trail.step("events"); return f.Tx.Events() }
func (f followed) Past() store.Past           { f.trail.step("past"); return f.Tx.Past() }
func (f followed) Revisions() store.Revisions { f.trail.step("revisions"); return f.Tx.Revisions() }
func (f followed) Feed() store.Feed           { f.trail.step("feed"); return f.Tx.Feed() }
func (f followed) Configurations() store.Configurations {
	f.trail.step("configurations")
	return f.Tx.Configurations()
}
func (f followed) Quotas() store.Quotas     { f.trail.step("quotas"); return f.Tx.Quotas() }
func (f followed) Clock() store.Clock       { f.trail.step("clock"); return f.Tx.Clock() }
func (f followed) Outages() store.Outages   { f.trail.step("outages"); return f.Tx.Outages() }
func (f followed) Consents() store.Consents { f.trail.step("consents"); return f.Tx.Consents() }
func (f followed) Accesses() store.Accesses { f.trail.step("accesses"); return f.Tx.Accesses() }
func (f followed) Withdrawals() store.Withdrawals {
	f.trail.step("withdrawals")
	return f.Tx.Withdrawals()
}
