package visiting

import (
	"cmp"
	"context"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Theme is a look that a client registered.
func (s Service) Theme(ctx context.Context, of, name string) (found widget.Theme, err error) {
	id, err := ident.Parse[ident.Client](of)
	if err != nil {
		return found, widget.ErrNoTheme
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err = tx.Themes().Get(ctx, id, name)
		return err
	})
	return found, err
}

// Logo is the picture of a bank.
func (s Service) Logo(ctx context.Context, bank string) (*provider.Logo, error) {
	found, err := s.Links.Catalogue.Provider(ctx, bank)
	if err == nil && found.Logo == nil {
		err = provider.ErrNotFound
	}
	return found.Logo, err
}

// themed is the look of an order; nil where its client registered none of that name.
func themed(ctx context.Context, tx store.Tx, of ident.Client, order widget.Order) (*widget.Theme, error) {
	found, err := tx.Themes().Get(ctx, of, order.ThemeName())
	if fault.IsNotFound(err) {
		return nil, nil //nolint:nilnil // ours
	}
	return &found, err
}

// dress gives a visit the look that its order has by now.
func dress(ctx context.Context, tx store.Tx, visit *usecase.Visit, application client.Client) (err error) {
	visit.ClientName = application.Name
	if visit.Theme, err = themed(ctx, tx, application.ID, visit.Session.Order); err == nil && visit.Theme != nil {
		visit.ClientName = cmp.Or(visit.Theme.DisplayName, application.Name)
	}
	return err
}
