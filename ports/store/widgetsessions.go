package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
)

// WidgetSessions are visits to the widget. Get, Load and At fail with
// widget.ErrNotFound. They go with their user.
type WidgetSessions interface {
	// Get finds one. Inside Update, it locks the row, and so does Load.
	Get(ctx context.Context, owner Owner, id ident.WidgetSession) (*widget.Session, error)
	// Load is Get for who serves all owners.
	Load(ctx context.Context, id ident.WidgetSession) (*widget.Session, error)
	// At is the newest one whose connection at work this is.
	At(ctx context.Context, id ident.Connection) (*widget.Session, error)
	Put(ctx context.Context, s *widget.Session) error
	// Lapsed are those that ended by time, at the latest now, and are not settled: at
	// most so many, those that ended first before the others.
	Lapsed(ctx context.Context, now time.Time, limit int) ([]ident.WidgetSession, error)
	// Sweep deletes those whose end lies before a time.
	Sweep(ctx context.Context, before time.Time) error
}
