package delivery

import (
	"slices"

	"github.com/tributary-dev/tributary/core/event"
)

// Wants reports whether an event passes.
func (f Filter) Wants(e event.Event) bool {
	return (f.UserID == "" || f.UserID == e.UserID) && (f.ConnectionID == "" || f.ConnectionID == e.ConnectionID) &&
		(len(f.Names) == 0 || slices.Contains(f.Names, e.Name))
}

func (f Filter) check() error { return event.Check(f.Names) }
