package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/ident"
)

// Consents are what users agreed to. Get and Load fail with consent.ErrNotFound.
// They outlive their connection, and go with their user.
type Consents interface {
	Get(ctx context.Context, owner Owner, id ident.Consent) (*consent.Consent, error)
	// Load is Get for who serves all owners.
	Load(ctx context.Context, id ident.Consent) (*consent.Consent, error)
	// Put appends the recorded events and entries; an entry whose number is taken
	// is a Conflict fault. Nothing changes an entry, or takes one away.
	Put(ctx context.Context, c *consent.Consent) error
	// Due lists consents whose DueAt has come, the longest due first.
	Due(ctx context.Context, now time.Time, limit int) ([]ident.Consent, error)
	// List is newest first, by when they were given.
	List(ctx context.Context, owner Owner, filter ConsentFilter, page Page) (Slice[*consent.Consent], error)
	// History lists the entries of one consent, the first one first.
	History(ctx context.Context, owner Owner, id ident.Consent) ([]consent.Entry, error)
}

// ConsentFilter restricts a list of consents.
type ConsentFilter struct {
	Connection ident.Connection
	Status     consent.Status
}

// Accesses are the calls of banks under consents; they go with their consent.
type Accesses interface {
	// Put inserts or replaces; it fails with a NotFound fault where there is no
	// such consent.
	Put(ctx context.Context, a consent.Access) error
	// Of lists those under one consent, newest first.
	Of(ctx context.Context, owner Owner, id ident.Consent, page Page) (Slice[consent.Access], error)
	// Open lists those that were made before a time and have no end, oldest first.
	Open(ctx context.Context, before time.Time, limit int) ([]consent.Access, error)
	// Sweep deletes at most so many that were made before a time, and tells how many.
	Sweep(ctx context.Context, before time.Time, limit int) (int, error)
}

// Withdrawals are what banks have still to be told. They outlive everything but
// the client. Get fails with consent.ErrNotFound.
type Withdrawals interface {
	Get(ctx context.Context, id ident.Consent) (consent.Withdrawal, error)
	Put(ctx context.Context, w consent.Withdrawal) error
	// Delete is no failure where there is none.
	Delete(ctx context.Context, id ident.Consent) error
	// Due lists those whose DueAt has come, the longest due first.
	Due(ctx context.Context, now time.Time, limit int) ([]ident.Consent, error)
}
