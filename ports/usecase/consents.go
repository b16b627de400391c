package usecase

import (
	"context"

	"github.com/tributary-dev/tributary/core/consent"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
)

// Consents are what users agreed to.
type Consents interface {
	Get(ctx context.Context, p Principal, id string) (Consent, error)
	List(ctx context.Context, p Principal, filter store.ConsentFilter, page store.Page) (store.Slice[*consent.Consent], error)
	// Accesses are the calls of the bank under a consent, newest first.
	Accesses(ctx context.Context, p Principal, id string, page store.Page) (store.Slice[consent.Access], error)
	// Revoke ends a consent at once; a second time changes nothing.
	Revoke(ctx context.Context, p Principal, id string) (Consent, error)
	// Renew has the user, who must be there, agree at the bank anew. What was agreed
	// before stands until the bank has confirmed it.
	Renew(ctx context.Context, p Principal, id, terms string) (*synchronization.Synchronization, error)
}

// Consent is one with all that happened to it.
type Consent struct {
	Consent *consent.Consent
	History []consent.Entry
}
