package endtoend

import (
	"fmt"
	"net/http"

	"github.com/stretchr/testify/require"
)

// fact is an event as a queue gives it.
type fact struct {
	Seq          int
	ID           string
	Name         string
	UserID       string `json:"user_id"`
	ConnectionID string `json:"connection_id"`
	Data         map[string]any
}

// facts reads a log from its beginning through a queue of its own.
func (c caller) facts(t tester) []fact {
	t.Helper()
	queue := c.post(t, "/v1/queues", "{}").want(t, http.StatusCreated).text(t, ".id")
	all := []fact{}
	for after := 0; ; after = all[len(all)-1].Seq {
		var page struct{ Data []fact }
		c.get(t, fmt.Sprintf("/v1/queues/%s/events?after=%d&limit=500", queue, after)).want(t, http.StatusOK).decode(t, &page)
		if len(page.Data) == 0 {
			break
		}
		all = append(all, page.Data...)
	}
	c.send(t, c.request(t, http.MethodDelete, "/v1/queues/"+queue, nil)).want(t, http.StatusNoContent)
	return all
}

// gapless fails unless the numbers of a client's whole log are 1, 2, 3…
func gapless(t tester, log []fact) {
	t.Helper()
	for i, f := range log {
		require.Equal(t, i+1, f.Seq, "a gap before %s", f.Name)
	}
}

// tells fails unless the log holds what the API has acknowledged of a
// connection: its creation, and its run's end exactly once.
func (l link) tells(t tester, log []fact, ending string) {
	t.Helper()
	created, ended := 0, 0
	for _, f := range log {
		switch {
		case f.ConnectionID != l.id:
		case f.Name == "connection.created":
			created++
		case f.Name == ending && f.Data["synchronization_id"] == l.run:
			ended++
		}
	}
	require.Equal(t, 1, created, "connection.created of %s", l.id)
	require.Equal(t, 1, ended, "%s of %s", ending, l.run)
}

// counted fails unless the rows that the log counts are the rows that there are.
func (l link) counted(t tester, log []fact) {
	t.Helper()
	count := 0
	for _, f := range log {
		n, _ := f.Data["count"].(float64)
		switch {
		case f.ConnectionID != l.id:
		case f.Name == "transactions.added":
			count += int(n)
		case f.Name == "transactions.removed":
			count -= int(n)
		}
	}
	require.Len(t, l.caller.every(t, "/v1/transactions?connection_id="+l.id), count, "rows, as the events count them")
}
