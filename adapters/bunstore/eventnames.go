package bunstore

import (
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// fewNames is up to how many names are looked up one by one. Who wants more kinds
// of events than that meets one soon.
const fewNames = 20

// named restricts a query to events after a number, of the names that are wanted. In
// a whole log they are found by an index of names: the few of a rare kind would
// else be looked for among months of others, with every poll. A user's or a connection's
// own part of the log is short.
func named(q *bun.SelectQuery, client ident.Client, seq int64, filter store.EventFilter, limit int) *bun.SelectQuery {
	if len(filter.Names) == 0 {
		return q.Where("seq > ?", seq)
	}
	names := slices.Compact(slices.Sorted(slices.Values(filter.Names)))
	if len(names) == 1 {
		return q.Where("name = ?", names[0]).Where("seq > ?", seq)
	}
	if filter.User != "" || filter.Connection != "" || len(names) > fewNames {
		return q.Where("seq > ?", seq).Where("name IN (?)", bun.List(names))
	}
	const one = "SELECT seq FROM (SELECT seq FROM events WHERE client_id = ? AND name = ? AND seq > ? ORDER BY seq LIMIT ?) AS named"
	var args []any
	for _, name := range names {
		args = append(args, client, name, seq, limit)
	}
	return q.Where("seq IN ("+strings.Repeat(one+" UNION ALL ", len(names)-1)+one+")", args...)
}
