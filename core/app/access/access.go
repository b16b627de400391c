// Package access decides which user a principal means, and whether it may. It
// is the one place where client mode and user mode meet.
//
// Invariant: what is out of reach is told with the words for what does not exist.
package access

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Errors.
var (
	ErrClientOnly     = fault.New(fault.Forbidden, "client_token_required", "This call needs a token of the client, not of a user.")
	ErrUserNeeded     = fault.New(fault.Invalid, "user_id_required", "A call in client mode names the user it is for.").With(fault.At("body.user_id", "is required in client mode"))
	ErrControlNeeded  = fault.New(fault.Forbidden, "sandbox_control_required", "This client may not change what all clients of the sandbox share.")
	ErrWidgetRequired = fault.New(fault.Forbidden, "widget_required", "This client may not handle bank credentials or answers; use the widget.")
)

// ClientOnly refuses user tokens.
func ClientOnly(p usecase.Principal) error {
	if p.User != "" {
		return ErrClientOnly
	}
	return nil
}

// Direct refuses clients that may not handle credentials themselves.
func Direct(p usecase.Principal) error {
	if !slices.Contains(p.Rights, client.DirectCredentials) {
		return ErrWidgetRequired
	}
	return nil
}

// Control refuses users, and clients that may not change what all share.
func Control(p usecase.Principal) error {
	if err := ClientOnly(p); err != nil {
		return err
	}
	if !slices.Contains(p.Rights, client.SandboxControl) {
		return ErrControlNeeded
	}
	return nil
}

// User finds the user that id means: "me" or "" is the token's own.
func User(ctx context.Context, tx store.Tx, p usecase.Principal, id string) (*user.User, error) {
	if id == "" || id == "me" {
		if p.User == "" {
			return nil, userMissing(id)
		}
		return tx.Users().Get(ctx, p.Owner(), p.User)
	}
	parsed, err := ident.Parse[ident.User](id)
	if err != nil {
		return nil, user.ErrNotFound
	}
	return tx.Users().Get(ctx, p.Owner(), parsed)
}

func userMissing(id string) error {
	if id == "me" {
		return user.ErrNotFound
	}
	return ErrUserNeeded
}
