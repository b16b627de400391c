// Package enrolling keeps a client's users: it creates, changes and erases
// them. It knows nothing of their bank data, which the store erases with them.
package enrolling

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/withdrawing"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/passwords"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Service implements usecase.Users.
type Service struct {
	Store  store.Store
	Hasher passwords.Hasher
	Box    sealer.Box
	Now    func() time.Time
	IDs    ident.Source
	// Real is the clock by which banks are told; nil means Now.
	Real func() time.Time
}

var _ usecase.Users = Service{}

// Create makes a user with a data key of its own.
func (s Service) Create(ctx context.Context, p usecase.Principal, identity user.Identity) (*user.User, error) {
	if err := access.ClientOnly(p); err != nil {
		return nil, err
	}
	if err := identity.Check(); err != nil {
		return nil, err
	}
	hash, err := s.hash(ctx, identity.Password)
	if err != nil {
		return nil, err
	}
	id := ident.New[ident.User](s.IDs)
	key, err := s.Box.NewKey(p.Client, id)
	if err != nil {
		return nil, err
	}
	created := user.New(id, p.Client, identity, hash, key, s.Now())
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		copied := *created // an Update may run twice; events are drained by Put
		return tx.Users().Put(ctx, &copied)
	})
	if err != nil {
		return nil, err
	}
	return created, nil
}

func (s Service) hash(ctx context.Context, password secret.String) (string, error) {
	if password.Empty() {
		return "", nil
	}
	return s.Hasher.Hash(ctx, password)
}

// Get finds one user.
func (s Service) Get(ctx context.Context, p usecase.Principal, id string) (found *user.User, err error) {
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = access.User(ctx, tx, p, id)
		return err
	})
	return found, err
}

// List pages through a client's users.
func (s Service) List(ctx context.Context, p usecase.Principal, filter store.UserFilter, page store.Page) (slice store.Slice[*user.User], err error) {
	if err := access.ClientOnly(p); err != nil {
		return slice, err
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		slice, err = tx.Users().List(ctx, p.Client, filter, page)
		return err
	})
	return slice, err
}

// Change replaces e-mail or password. The user token of a changed password
// stays valid: the client decides when to revoke it.
func (s Service) Change(ctx context.Context, p usecase.Principal, id string, change usecase.UserChange) (changed *user.User, err error) {
	if _, err := s.Get(ctx, p, id); err != nil { // before any hashing for it
		return nil, err
	}
	hash, err := s.checked(ctx, change)
	if err != nil {
		return nil, err
	}
	err = s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		if changed, err = access.User(ctx, tx, p, id); err != nil {
			return err
		}
		if (change.Email != nil || change.Password != nil) && changed.Email == "" {
			return errNoPassword
		}
		if change.Email != nil {
			changed.Email, changed.EmailKey = *change.Email, user.EmailKey(*change.Email)
		}
		if change.Password != nil {
			changed.PasswordHash = hash
		}
		return tx.Users().Put(ctx, changed)
	})
	if err != nil {
		return nil, err
	}
	return changed, nil
}

var errNoPassword = fault.New(fault.Conflict, "external_user", "A user known by an external id has no e-mail and no password to change.")

func (s Service) checked(ctx context.Context, change usecase.UserChange) (string, error) {
	if change.Email != nil {
		if err := user.CheckEmail(*change.Email); err != nil {
			return "", err
		}
	}
	if change.Password == nil {
		return "", nil
	}
	if err := user.CheckPassword(*change.Password); err != nil {
		return "", err
	}
	return s.Hasher.Hash(ctx, *change.Password)
}

// Delete erases a user.
func (s Service) Delete(ctx context.Context, p usecase.Principal, id string) error {
	return s.Store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		gone, err := access.User(ctx, tx, p, id)
		if err != nil {
			return err
		}
		if err := withdrawing.User(ctx, tx, gone, withdrawing.Why(p, s.Now, s.Real)); err != nil {
			return err
		}
		gone.Erased()
		return tx.Users().Delete(ctx, gone)
	})
}
