package httpapi

import (
	"encoding/json"
	"io"

	"github.com/danielgtaylor/huma/v2"

	"github.com/tributary-dev/tributary/core/fault"
)

// maxValues and maxDepth bound what a body holds, whatever its length: half a
// million mistakes in one megabyte were 1.5 GiB on their way to one answer. No
// call of ours needs a hundredth of it.
const (
	maxValues = 2000
	maxDepth  = 32
	// A number of a million digits takes a tenth of a second.
	maxDigits = 400
)

var errCrowded = fault.New(fault.Invalid, "body_too_complex", "The body has more values, is nested deeper, or has longer numbers than any call needs.")

// format is JSON that is counted before it is read.
var format = huma.Format{
	Marshal: func(w io.Writer, v any) error { return huma.DefaultJSONFormat.Marshal(w, v) },
	Unmarshal: func(data []byte, v any) error {
		if crowded(data) {
			return errCrowded
		}
		return json.Unmarshal(data, v)
	},
}

// crowded counts what opens, and what separates, outside of texts. It need not
// know what is well-formed: the reader behind it does.
func crowded(data []byte) bool {
	values, depth, digits, quoted := 0, 0, 0, false
	for i := 0; i < len(data); i++ {
		c := data[i]
		if digits++; c < '0' || c > '9' || quoted {
			digits = 0
		}
		switch {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			values, depth = values+1, depth+1
		case c == '}' || c == ']':
			depth--
		case c == ',':
			values++
		}
		if values > maxValues || depth > maxDepth || digits > maxDigits {
			return true
		}
	}
	return false
}
