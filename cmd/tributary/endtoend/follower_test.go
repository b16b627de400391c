package endtoend

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// follower keeps a copy of the transactions that its token reaches, in a file,
// as an application does that may be killed at any time.
type follower struct {
	caller caller
	// scope is a query that says whose transactions it follows; empty for all.
	scope string
	limit int
	file  string
}

// copied is what it keeps: the copy and how far it is, together.
type copied struct {
	Cursor string
	Rows   map[string]map[string]any
	Gone   map[string]bool
}

func (c caller) follower(t *testing.T, scope string, limit int) follower {
	t.Helper()
	return follower{c, scope, limit, filepath.Join(t.TempDir(), "copy.json")}
}

func (f follower) kept(t tester) copied {
	t.Helper()
	kept := copied{Rows: map[string]map[string]any{}, Gone: map[string]bool{}}
	text, err := os.ReadFile(f.file)
	if !os.IsNotExist(err) {
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &kept))
	}
	return kept
}

func (f follower) keep(t tester, c copied) {
	t.Helper()
	text, err := json.Marshal(c)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(f.file+".new", text, 0o600))
	require.NoError(t, os.Rename(f.file+".new", f.file))
}

// take takes a page over.
func (f follower) take(t tester, c *copied) (more bool) {
	t.Helper()
	var page struct {
		Added, Modified []map[string]any
		Removed         []struct{ ID string }
		Next            string `json:"next_cursor"`
		More            bool   `json:"has_more"`
	}
	path := fmt.Sprintf("/v1/transactions/sync?limit=%d&cursor=%s", f.limit, url.QueryEscape(c.Cursor))
	if f.scope != "" {
		path += "&" + f.scope
	}
	f.caller.get(t, path).want(t, http.StatusOK).decode(t, &page)
	require.LessOrEqual(t, len(page.Added)+len(page.Modified)+len(page.Removed), f.limit)
	for _, row := range append(page.Added, page.Modified...) {
		id := plainText(row["id"])
		require.NotContains(t, c.Gone, id, "it was removed")
		c.Rows[id] = row
	}
	for _, gone := range page.Removed {
		delete(c.Rows, gone.ID)
		c.Gone[gone.ID] = true
	}
	require.NotEmpty(t, page.Next)
	c.Cursor = page.Next
	return page.More
}

// follow takes over so many pages, or all that there are (0). Before each it
// takes one over in vain: it is killed before that is kept, and starts again.
func (f follower) follow(t tester, pages int) copied {
	t.Helper()
	for n := 1; ; n++ {
		lost := f.kept(t)
		f.take(t, &lost)
		c := f.kept(t)
		more := f.take(t, &c)
		f.keep(t, c)
		if !more || n == pages {
			return c
		}
	}
}

// listed is what the list of transactions has, by id.
func (f follower) listed(t tester) map[string]map[string]any {
	t.Helper()
	rows := map[string]map[string]any{}
	for _, row := range f.caller.every(t, "/v1/transactions?"+f.scope) {
		rows[plainText(row["id"])] = row
	}
	return rows
}

// equal fails unless the copy is what the list has.
func (f follower) equal(t tester, when string) copied {
	t.Helper()
	c := f.follow(t, 0)
	require.Empty(t, differing(f.listed(t), c.Rows), "%s: %s in pages of %d", when, f.scope, f.limit)
	return c
}

// differing are the rows that are not the same on both sides.
func differing(listed, copied map[string]map[string]any) (all []string) {
	for id, row := range listed {
		if !reflect.DeepEqual(row, copied[id]) {
			all = append(all, fmt.Sprintf("%s is\n%v, not\n%v", id, row, copied[id]))
		}
	}
	for id, row := range copied {
		if listed[id] == nil {
			all = append(all, fmt.Sprintf("%s is not there: %v", id, row))
		}
	}
	return all
}
