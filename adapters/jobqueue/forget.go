package jobqueue

import (
	"database/sql"
	"database/sql/driver"
)

// forget ends a connection for good: given back to its pool it would keep its
// session's locks, and mark a runner that is gone.
func forget(conn *sql.Conn) {
	if conn == nil {
		return
	}
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = conn.Close() // closed already, as asked
}
