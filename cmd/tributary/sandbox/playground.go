package sandbox

import (
	"context"
	"net/url"
	"slices"

	"github.com/tributary-dev/tributary/adapters/playground"
	"github.com/tributary-dev/tributary/cmd/tributary/demo"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// register lets the playground be the demo client's page: the widget comes back to
// it, and may be framed by it. A sandbox may have another address at each start.
func register(ctx context.Context, state store.Store, id ident.Client, address string) error {
	return state.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		known, err := tx.Clients().Get(ctx, id)
		if err != nil {
			return err
		}
		page := address + playground.Path
		if slices.Contains(known.RedirectURLs, page) && slices.Contains(known.Origins, address) {
			return nil
		}
		known.RedirectURLs = with(known.RedirectURLs, page)
		known.Origins = with(known.Origins, address)
		return tx.Clients().Put(ctx, known)
	})
}

func with(all []string, one string) []string {
	if slices.Contains(all, one) {
		return all
	}
	return append(slices.Clone(all), one)
}

func playgroundOf(t demo.Target) string {
	return t.BaseURL + playground.Path + "#" + url.Values{"client_id": {t.ClientID}, "client_secret": {t.ClientSecret}}.Encode()
}
