package check

import (
	"context"
	"reflect"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
)

// feed compares two copies with the list: one that was kept through all that
// happened, and one that is folded now from the beginning.
func (s Scene) feed(ctx context.Context, r *Report) error {
	rows, err := s.Client.Every(ctx, "/v1/transactions")
	if err != nil {
		return err
	}
	listed := map[string]call.Thing{}
	for _, row := range rows {
		if listed[row.Text("id")] != nil {
			add(&r.Doubled, "%s is listed twice", row.Text("id"))
		}
		listed[row.Text("id")] = row
	}
	fresh := &Memory{caller: s.Client, copied: map[string]call.Thing{}, gone: map[string]bool{}}
	for more := true; more; {
		if more, err = fresh.change(ctx); err != nil {
			return err
		}
	}
	compareCopies("kept copy", listed, s.Memory.copied, r)
	compareCopies("new copy", listed, fresh.copied, r)
	return nil
}

func compareCopies(name string, listed, copied map[string]call.Thing, r *Report) {
	for id, row := range listed {
		switch {
		case copied[id] == nil:
			add(&r.Missing, "%s is not in the %s", id, name)
		case !reflect.DeepEqual(row, copied[id]):
			add(&r.Wrong, "%s is otherwise in the %s: %v, not %v", id, name, copied[id], row)
		}
	}
	for id := range copied {
		if listed[id] == nil {
			add(&r.Doubled, "%s is in the %s only", id, name)
		}
	}
}
