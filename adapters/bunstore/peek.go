package bunstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/store"
)

// peek implements store.Peek: one statement a call, which sees one state by
// itself. So there is no transaction to begin and to end, which on PostgreSQL is
// two ways to the server more, and Bun does not look at each value's type.
type peek struct{ *Store }

var _ store.Peeker = (*Store)(nil)

// Peek implements store.Peeker.
func (s *Store) Peek() store.Peek { return peek{s} }

const (
	clientColumns = "c.id, c.name, c.secret_hash, coalesce(c.scopes, ''), coalesce(c.rights, ''), coalesce(c.redirect_urls, ''), coalesce(c.origins, ''), coalesce(c.app_links, ''), c.disabled, c.created_at"
	clientByID    = "SELECT " + clientColumns + " FROM clients AS c WHERE c.id = ?"
	bearerByHash  = "SELECT " + clientColumns + ", t.hash, t.kind, t.family, t.client_id, coalesce(t.user_id, ''), coalesce(t.scopes, ''), " +
		"t.data, t.expires_at, t.revoked, t.created_at FROM tokens AS t JOIN clients AS c ON c.id = t.client_id " +
		"LEFT JOIN users AS u ON u.id = t.user_id AND u.client_id = t.client_id WHERE t.hash = ? AND (t.user_id IS NULL OR u.id IS NOT NULL)"
)

// targets are where clientColumns go.
func (r *clientRow) targets() []any {
	return []any{
		(*string)(&r.ID), &r.Name, &r.SecretHash, (*string)(&r.Scopes), (*string)(&r.Rights), (*string)(&r.RedirectURLs), (*string)(&r.Origins), (*string)(&r.AppLinks), &r.Disabled, &r.CreatedAt,
	}
}

func (r *tokenRow) targets() []any {
	return []any{
		&r.Hash, &r.Kind, &r.Family, (*string)(&r.ClientID), (*string)(&r.UserID), (*string)(&r.Scopes), &r.Data, &r.ExpiresAt, &r.Revoked, &r.CreatedAt,
	}
}

// one reads the row of a statement with one value, or fails with missing.
func (p peek) one(ctx context.Context, missing error, statement, value string, targets []any) error {
	err := p.row(ctx, statement, value).Scan(targets...)
	if errors.Is(err, sql.ErrNoRows) {
		return missing
	}
	return p.fail(err)
}

func (p peek) row(ctx context.Context, statement, value string) *sql.Row {
	if ready := p.prepared[statement]; ready != nil {
		return ready.QueryRowContext(ctx, value)
	}
	return p.read.QueryRowContext(ctx, statement, value)
}

// prepare makes statements that readers need with every request.
func (s *Store) prepare(ctx context.Context, statements ...string) error {
	s.prepared = make(map[string]*sql.Stmt, len(statements))
	for _, text := range statements {
		ready, err := s.read.DB.PrepareContext(ctx, text) //nolint:sqlclosecheck // as long as the store
		if err != nil {
			return s.fail(err)
		}
		s.prepared[text] = ready
	}
	return nil
}

func (p peek) Client(ctx context.Context, id ident.Client) (client.Client, error) {
	var row clientRow
	if err := p.one(ctx, errNoClient, clientByID, string(id), row.targets()); err != nil {
		return client.Client{}, err
	}
	found, err := row.domain()
	return found, p.fail(err)
}

func (p peek) Bearer(ctx context.Context, hash string) (found store.Bearer, err error) {
	var by clientRow
	var token tokenRow
	if err := p.one(ctx, errNoToken, bearerByHash, hash, append(by.targets(), token.targets()...)); err != nil {
		return found, err
	}
	if found.Token, err = token.domain(); err == nil {
		found.Client, err = by.domain()
	}
	return found, p.fail(err)
}

func (p peek) Transactions(ctx context.Context, owner store.Owner, filter store.TransactionFilter, page store.Page) (store.Slice[ledger.Transaction], error) {
	return pageOf(p.Store, byDay[ident.Transaction]("effective_date"), page, func(room []listedRow, sorted shape) ([]listedRow, error) {
		return p.listed(ctx, room, sorted(filtered(p.read.NewSelect().Model((*transactionRow)(nil)).ColumnExpr(listedColumns), owner, filter)))
	})
}

func (p peek) listed(ctx context.Context, rows []listedRow, query *bun.SelectQuery) ([]listedRow, error) {
	found, err := query.Rows(ctx)
	if err != nil {
		return nil, p.fail(err)
	}
	defer func() { _ = found.Close() }() // what went wrong, Err tells
	for found.Next() {
		rows = append(rows, listedRow{})
		if err := found.Scan(rows[len(rows)-1].targets()...); err != nil {
			return nil, p.fail(err)
		}
	}
	return rows, p.fail(found.Err())
}
