package telemetry

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

var _ store.Peeker = measured{}

// Peek implements store.Peeker: each call counts as a view.
func (m measured) Peek() store.Peek { return measuredPeek{m, store.PeekOf(m.next)} }

type measuredPeek struct {
	measured
	peek store.Peek
}

// Client implements the port.
func (m measuredPeek) Client(ctx context.Context, id ident.Client) (found client.Client, err error) {
	defer m.viewed(m.now(), &err)
	return m.peek.Client(ctx, id)
}

// Bearer implements the port.
func (m measuredPeek) Bearer(ctx context.Context, hash string) (found store.Bearer, err error) {
	defer m.viewed(m.now(), &err)
	return m.peek.Bearer(ctx, hash)
}

// Transactions implements the port.
func (m measuredPeek) Transactions(ctx context.Context, owner store.Owner, filter store.TransactionFilter, page store.Page) (slice store.Slice[ledger.Transaction], err error) {
	defer m.viewed(m.now(), &err)
	return m.peek.Transactions(ctx, owner, filter, page)
}

func (m measured) viewed(began time.Time, err *error) { m.transaction("view", began, *err) }
