package usecase

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
)

// Configurations are a client's own test banks. Sandbox only, as all below; a
// server in production has none of it.
type Configurations interface {
	Create(ctx context.Context, p Principal, source ConfigurationSource) (sandbox.Configuration, error)
	Get(ctx context.Context, p Principal, id string) (sandbox.Configuration, error)
	// List leaves the texts out.
	List(ctx context.Context, p Principal, page store.Page) (store.Slice[sandbox.Configuration], error)
	Delete(ctx context.Context, p Principal, id string) error
}

// ConfigurationSource is either a text or the address of one.
type ConfigurationSource struct{ Text, URL string }

// Clock is the sandbox's one clock, the same for all clients.
type Clock interface {
	Read(ctx context.Context) (Time, error)
	// Move needs the right to control what all share.
	Move(ctx context.Context, p Principal, m sandbox.Movement) (Time, error)
}

// Time is what the clock shows.
type Time struct {
	Now    time.Time
	Offset time.Duration
}

// Scenarios happen at the test bank when they are asked for: at the bank of a
// client's own configuration, or at the shared one ("") with the right to
// control what all share.
type Scenarios interface {
	Forgive(ctx context.Context, p Principal, configurationID, login string) error
	SetDown(ctx context.Context, p Principal, configurationID string, down bool) error
}
