package jobqueue

import (
	"context"

	"github.com/riverqueue/river/rivermigrate"
)

// migrate runs River's own migrations; they keep their own table of versions
// and leave the store's alone. River has no lock of its own for this.
func (q *Queue) migrate(ctx context.Context) error {
	if q.engine.turn != "" {
		conn, err := q.db.Conn(ctx)
		if err != nil {
			return err
		}
		defer forget(conn) // and the lock with it
		if _, err := conn.ExecContext(ctx, q.engine.turn); err != nil {
			return err
		}
	}
	migrator, err := rivermigrate.New(q.engine.driver, &rivermigrate.Config{Logger: quiet(q.config.Logger)})
	if err != nil {
		return err
	}
	_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, nil)
	return err
}
