package visiting

import (
	"context"
	"slices"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/store"
)

// registered is what an application said of itself: its users' browsers go to its
// pages or, on a phone, to its app.
func registered(application client.Client) widget.Registered {
	return widget.Registered{Addresses: slices.Concat(application.RedirectURLs, application.AppLinks), Origins: application.Origins}
}

// Embedding says what may be around a session.
func (s Service) Embedding(ctx context.Context, session string) (around widget.Embedding, err error) {
	id, err := ident.Parse[ident.WidgetSession](session)
	if err != nil {
		return around, nil //nolint:nilerr // there is no such session
	}
	err = s.Store.View(ctx, func(tx store.Tx) error {
		found, err := tx.WidgetSessions().Load(ctx, id)
		if err != nil {
			return err
		}
		application, err := tx.Clients().Get(ctx, found.ClientID)
		around = found.Order.Embedding(application.Origins)
		return err
	})
	if fault.IsNotFound(err) {
		err = nil
	}
	return around, err
}
