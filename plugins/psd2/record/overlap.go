package record

import "encoding/json"

// Overlap knows the last row of a page: some banks begin the next page with it.
type Overlap struct{ last string }

// Trim leaves out the row with which a page repeats the last one of the page before. Only a row with an id can be known to
// be the same one: two equal purchases without id are two.
func (o *Overlap) Trim(rows []json.RawMessage, id func(raw json.RawMessage) string) []json.RawMessage {
	if len(rows) > 0 && o.last == string(rows[0]) && id(rows[0]) != "" {
		rows = rows[1:]
	}
	if len(rows) > 0 {
		o.last = string(rows[len(rows)-1])
	}
	return rows
}
