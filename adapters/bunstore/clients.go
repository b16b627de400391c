package bunstore

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type clientRow struct {
	bun.BaseModel `bun:"table:clients"`
	ID            ident.Client `bun:"id,pk"`
	Name          string       `bun:"name"`
	SecretHash    string       `bun:"secret_hash"`
	Scopes        text         `bun:"scopes,nullzero"`
	Rights        text         `bun:"rights,nullzero"`
	RedirectURLs  text         `bun:"redirect_urls,nullzero"`
	Origins       text         `bun:"origins,nullzero"`
	AppLinks      text         `bun:"app_links,nullzero"`
	Disabled      bool         `bun:"disabled"`
	CreatedAt     int64        `bun:"created_at"`
}

func clientRowOf(c client.Client) clientRow {
	return clientRow{
		ID: c.ID, Name: c.Name, SecretHash: c.SecretHash, Scopes: toText(c.Scopes), Rights: toText(c.Rights),
		RedirectURLs: toText(c.RedirectURLs), Origins: toText(c.Origins), AppLinks: toText(c.AppLinks), Disabled: c.Disabled, CreatedAt: micros(c.CreatedAt),
	}
}

func (r clientRow) domain() (c client.Client, err error) {
	c = client.Client{ID: r.ID, Name: r.Name, SecretHash: r.SecretHash, Disabled: r.Disabled, CreatedAt: instant(r.CreatedAt)}
	if c.Scopes, err = fromText[[]client.Scope](r.Scopes); err != nil {
		return c, err
	}
	if c.Rights, err = fromText[[]client.Right](r.Rights); err != nil {
		return c, err
	}
	for _, list := range []struct {
		to   *[]string
		from text
	}{{&c.RedirectURLs, r.RedirectURLs}, {&c.Origins, r.Origins}, {&c.AppLinks, r.AppLinks}} {
		if *list.to, err = fromText[[]string](list.from); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (r clientRow) place() store.Key { return keyOf(r.CreatedAt, string(r.ID)) }

type clients struct{ *transaction }

var errNoClient = fault.New(fault.NotFound, "client_not_found", "There is no such client.")

func (t clients) Get(ctx context.Context, id ident.Client) (client.Client, error) {
	return first[clientRow](ctx, t.transaction, errNoClient, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("id = ?", id)
	})
}

func (t clients) Put(ctx context.Context, c client.Client) error {
	return put(ctx, t.transaction, "id", clientRowOf(c))
}

func (t clients) List(ctx context.Context, page store.Page) (store.Slice[client.Client], error) {
	return list[clientRow](ctx, t.transaction, byTime[ident.Client]("created_at", false), page,
		func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}
