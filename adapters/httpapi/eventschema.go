package httpapi

import (
	"encoding/json"
	"time"

	"github.com/tributary-dev/tributary/core/event"
)

// EventSchema is the JSON Schema of events as clients get them, by the API, in
// a stream or by a webhook: an object under "$defs" for each name.
func EventSchema() ([]byte, error) {
	defs, each := map[string]any{}, []map[string]string{}
	for _, name := range event.Names() {
		defs[string(name)] = schemaOf(name)
		each = append(each, map[string]string{"$ref": "#/$defs/" + string(name)})
	}
	return indented(map[string]any{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Events of Tributary",
		"description": "Fields may be added to data under the same version: a client ignores those it does not know.",
		"oneOf":       each, "$defs": defs,
	})
}

// EventExamples has an event of each name, in the order of the documentation.
func EventExamples() ([]byte, error) {
	examples := []eventView{}
	for i, name := range event.Names() {
		examples = append(examples, showEvent(exampleOf(int64(i+1), name)))
	}
	return indented(examples)
}

func indented(value any) ([]byte, error) {
	text, err := json.MarshalIndent(value, "", "  ")
	return append(text, '\n'), err
}

// aString is the schema of a string; more may be said of it.
func aString(more map[string]any) map[string]any {
	more["type"] = "string"
	return more
}

func schemaOf(name event.Name) map[string]any {
	p := event.PayloadOf(name)
	return map[string]any{
		"type": "object", "description": p.Doc,
		"required": []string{"seq", "id", "name", "version", "occurred_at", "user_id", "connection_id", "channel_definition_id", "data"},
		"properties": map[string]any{
			"seq": map[string]any{"type": "integer", "minimum": 1}, "id": aString(map[string]any{"pattern": "^evt_"}),
			"name": map[string]any{"const": string(name)}, "version": map[string]any{"const": p.Version},
			"occurred_at": aString(map[string]any{"format": "date-time"}),
			"user_id":     idOr(p.User), "connection_id": idOr(p.Connection), "channel_definition_id": idOr(p.Channel),
			"data": schemaOfData(name, p),
		},
	}
}

// idOr is an id that is always there, or may be.
func idOr(always bool) map[string]any {
	if always {
		return map[string]any{"type": "string"}
	}
	return map[string]any{"type": []string{"string", "null"}}
}

func schemaOfData(name event.Name, p event.Payload) map[string]any {
	properties, required := map[string]any{}, []string{}
	for _, f := range p.Fields {
		properties[f.Name] = schemaOfField(f)
		if !f.Optional {
			required = append(required, f.Name)
		}
	}
	if followed[name] {
		properties["sync_cursor"] = aString(map[string]any{"description": "A cursor of sync-transactions for the user: what follows it is at least what the event tells of."})
		required = append(required, "sync_cursor")
	}
	return map[string]any{"type": "object", "properties": properties, "required": required}
}

func schemaOfField(f event.Field) map[string]any {
	described := map[string]any{"description": f.Doc}
	switch f.Kind {
	case event.Count:
		described["type"], described["minimum"] = "integer", 0
	case event.Words:
		described["type"], described["items"] = "array", map[string]any{"type": "string"}
	case event.Instant:
		return aString(map[string]any{"description": f.Doc, "format": "date-time"})
	default:
		return aString(described)
	}
	return described
}

func exampleOf(seq int64, name event.Name) event.Event {
	p := event.PayloadOf(name)
	e := event.Event{
		Seq: seq, ID: "evt_01j9z3k6f8q2v4x6z8b0d2f4h6", ClientID: "cli_01j9z3k6f8q2v4x6z8b0d2f4h6", OccurredAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		Draft: event.Draft{Name: name, Version: p.Version, Data: event.Data{}},
	}
	for _, f := range p.Fields {
		e.Data[f.Name] = f.Example
	}
	if p.User {
		e.UserID = "usr_01j9z3k6f8q2v4x6z8b0d2f4h6"
	}
	if p.Connection {
		e.ConnectionID = "con_01j9z3k6f8q2v4x6z8b0d2f4h6"
	}
	if p.Channel {
		e.ChannelDefinition = "testbank-embedded"
	}
	return e
}
