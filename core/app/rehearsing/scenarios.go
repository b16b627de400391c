package rehearsing

import (
	"context"
	"errors"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/testbank"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Scenarios implements usecase.Scenarios.
type Scenarios struct {
	Store  store.Store
	Keeper *Keeper
}

var _ usecase.Scenarios = Scenarios{}

// Forgive lets the bank forget what came of a persona's behaviours: locks,
// spent quota, changed passwords, accepted terms.
func (s Scenarios) Forgive(ctx context.Context, p usecase.Principal, configurationID, login string) error {
	bank, err := s.bank(ctx, p, configurationID)
	if err != nil {
		return err
	}
	return s.Keeper.Bank.Forgive(ctx, bank, login)
}

// SetDown takes the bank down, or up again.
func (s Scenarios) SetDown(ctx context.Context, p usecase.Principal, configurationID string, down bool) error {
	bank, err := s.bank(ctx, p, configurationID)
	if err != nil {
		return err
	}
	err = s.Keeper.Bank.SetDown(ctx, bank, down)
	if errors.Is(err, testbank.ErrPersona) { // the bank itself is not there
		return sandbox.ErrNotFound
	}
	return err
}

// bank checks that the client may do something with a bank, and that the test
// bank serves it.
func (s Scenarios) bank(ctx context.Context, p usecase.Principal, id string) (bank ident.Configuration, err error) {
	if err := access.ClientOnly(p); err != nil {
		return "", err
	}
	if id == "" {
		return "", access.Control(p)
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err := own(ctx, tx, p, id)
		bank = found.ID
		return err
	})
	if err != nil {
		return "", err
	}
	return bank, s.Keeper.Settle(ctx)
}

func ignoreGone(err error) error {
	if fault.IsNotFound(err) {
		return nil
	}
	return err
}

// refused tells what is wrong with a configuration from a bank that cannot be told.
func refused(err error) bool {
	kind := fault.KindOf(err)
	return err != nil && (kind == fault.Invalid || kind == fault.TooLarge)
}
