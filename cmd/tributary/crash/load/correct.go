package load

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
	"github.com/tributary-dev/tributary/cmd/tributary/crash/check"
)

// correct is a user who names a row, hides one, and says of two equal ones that
// they are one. Rows that were touched before are left alone.
func (p *Play) correct(ctx context.Context, u *user) error {
	rows, err := p.untouched(ctx, u)
	if err != nil || len(rows) < 20 {
		return err
	}
	if err := p.label(ctx, rows[p.draw(10)]); err != nil {
		return err
	}
	if err := p.hide(ctx, u, rows[10+p.draw(10)]); err != nil {
		return err
	}
	return p.merge(ctx, u, rows[20:])
}

// untouched are the booked rows of a user that nobody corrected yet, but the
// oldest, which the bank may forget.
func (p *Play) untouched(ctx context.Context, u *user) (rows []call.Thing, err error) {
	all, err := p.client.Every(ctx, "/v1/transactions?status=BOOKED&connection_id="+u.connection)
	p.Promises.Keep(func(kept *check.Promises) {
		for _, row := range all {
			id := row.Text("id")
			_, named := kept.Labels[id]
			_, removed := kept.Removed[id]
			if !named && !removed {
				rows = append(rows, row)
			}
		}
	})
	return rows, err
}

func (p *Play) label(ctx context.Context, row call.Thing) error {
	id, label := row.Text("id"), fmt.Sprintf("Named %d", p.number())
	_, err := p.send(ctx, write{
		method: http.MethodPatch, path: "/v1/transactions/" + id, body: map[string]string{"label": label},
		done: func(call.Thing) { p.Promises.Keep(func(all *check.Promises) { all.Labels[id] = label }) },
	})
	return err
}

func (p *Play) hide(ctx context.Context, u *user, row call.Thing) error {
	_, err := p.send(ctx, write{
		method: http.MethodDelete, path: "/v1/transactions/" + row.Text("id"), done: func(call.Thing) { p.removed(u, row) },
	})
	return err
}

// removed keeps that a row is to stay away.
func (p *Play) removed(u *user, row call.Thing) {
	p.Promises.Keep(func(all *check.Promises) {
		all.Removed[row.Text("id")] = check.Removed{Connection: u.connection, Account: row.Text("account_id"), Line: check.RowLine(row)}
	})
}

// merge says of the first two equal rows that they are one.
func (p *Play) merge(ctx context.Context, u *user, rows []call.Thing) error {
	equal := map[string]call.Thing{}
	for _, row := range rows {
		line := row.Text("account_id") + check.RowLine(row)
		other, found := equal[line]
		if !found {
			equal[line] = row
			continue
		}
		_, err := p.send(ctx, write{
			method: http.MethodPost, path: "/v1/transactions/" + row.Text("id") + "/merge", body: map[string]string{"into": other.Text("id")},
			done: func(call.Thing) { p.removed(u, row) }, gone: true,
		})
		return err
	}
	return nil
}
