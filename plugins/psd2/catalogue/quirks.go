package catalogue

import (
	"maps"
	"slices"
)

// Quirks are the deviations that a dialect knows by name, each with what it is and where it was seen.
type Quirks map[string]string

// Names lists them in order.
func (q Quirks) Names() []string { return slices.Sorted(maps.Keys(q)) }
