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

// Dress is how the pages of a session look. A client that was disabled is not named.
func (s Service) Dress(ctx context.Context, session string) (found usecase.Dress, err error) {
	id, err := ident.Parse[ident.WidgetSession](session)
	if err != nil {
		return found, nil //nolint:nilerr // there is no such session
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		of, err := tx.WidgetSessions().Load(ctx, id)
		if err != nil {
			return err
		}
		application, err := tx.Clients().Get(ctx, of.ClientID)
		if err != nil || application.Disabled {
			return err
		}
		found, err = dress(ctx, tx, of.Order, application)
		return err
	})
	if fault.IsNotFound(err) {
		err = nil
	}
	return found, err
}

// dress is the look that an order has by now.
func dress(ctx context.Context, tx store.Tx, order widget.Order, application client.Client) (usecase.Dress, error) {
	theme, err := themed(ctx, tx, application.ID, order)
	name := application.Name
	if err == nil && theme != nil {
		name = cmp.Or(theme.DisplayName, name)
	}
	return usecase.Dress{ClientName: name, Theme: theme, Locale: order.Locale}, err
}
