package endtoend

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
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
		var page struct{ Data []json.RawMessage }
		c.get(t, fmt.Sprintf("/v1/queues/%s/events?after=%d&limit=500", queue, after)).want(t, http.StatusOK).decode(t, &page)
		if len(page.Data) == 0 {
			break
		}
		for _, raw := range page.Data {
			all = append(all, shaped(t, raw))
		}
	}
	c.send(t, c.request(t, http.MethodDelete, "/v1/queues/"+queue, nil)).want(t, http.StatusNoContent)
	return all
}

// shaped reads an event, and fails unless it is as openapi/events.schema.json
// says, with nothing in its data that is not described there.
func shaped(t tester, raw json.RawMessage) (f fact) {
	t.Helper()
	require.NoError(t, json.Unmarshal(raw, &f))
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	require.NoError(t, err)
	schema, described := eventSchemas()(f.Name)
	require.NotNil(t, schema, "%s is not described", f.Name)
	require.NoError(t, schema.Validate(value), "%s", raw)
	for name := range f.Data {
		require.Contains(t, described, name, "in the data of %s", f.Name)
	}
	return f
}

// eventSchemas finds the schema of an event by its name, and what is described
// of its data.
var eventSchemas = sync.OnceValue(func() func(string) (*jsonschema.Schema, map[string]*jsonschema.Schema) {
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	return func(name string) (*jsonschema.Schema, map[string]*jsonschema.Schema) {
		schemas.Lock()
		defer schemas.Unlock()
		schema, err := compiler.Compile("../../../openapi/events.schema.json#/$defs/" + name)
		if err != nil {
			return nil, nil
		}
		return schema, schema.Properties["data"].Properties
	}
})

var schemas sync.Mutex

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
