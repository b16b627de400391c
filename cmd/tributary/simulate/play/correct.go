package play

import (
	"context"

	"github.com/tributary-dev/tributary/cmd/tributary/simulate/life"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Correct does what a user wants.
func (l *Living) Correct(ctx context.Context, w life.Wish) (err error) {
	id := w.Transaction
	switch {
	case w.Hide:
		return l.house.corrections.Hide(ctx, l.asker, id)
	case w.Back:
		_, err = l.house.corrections.Unmerge(ctx, l.asker, id)
	case w.Apart != "":
		_, err = l.house.corrections.TellApart(ctx, l.asker, id, w.Apart)
	case w.Into != "":
		_, err = l.house.corrections.Merge(ctx, l.asker, id, w.Into)
	case w.Label != "":
		_, err = l.house.corrections.Change(ctx, l.asker, id, usecase.TransactionChange{Label: &w.Label})
	default:
		_, err = l.house.corrections.Change(ctx, l.asker, id, usecase.TransactionChange{Category: &w.Category})
	}
	return err
}
