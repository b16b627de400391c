package bunstore

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"
)

// postgresViolation reads PostgreSQL's error codes (appendix A of its manual).
func postgresViolation(err error) violation {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return connectionLost(err)
	}
	if found, known := postgresCodes[failure.Code]; known {
		return found
	}
	if len(failure.Code) == 5 {
		return postgresClasses[failure.Code[:2]]
	}
	return other
}

var postgresCodes = map[string]violation{
	"23505": notUnique,                       // unique_violation
	"23503": orphan,                          // foreign_key_violation
	"40001": repeat,                          // serialization_failure
	"40P01": repeat,                          // deadlock_detected
	"22021": unstorable, "22P05": unstorable, // characters the encoding does not have
	"54000": unstorable,  // a key too long for an index
	"25006": unavailable, // read_only_sql_transaction: a stand-by that is not yet the server
	"55P03": unavailable, // lock_not_available: lock_timeout
	"25P03": unavailable, // idle_in_transaction_session_timeout
}

var postgresClasses = map[string]violation{
	"08": unavailable, // connection exceptions
	"28": unavailable, // the server does not let us in: the operator's to mend, no fault of the request
	"3D": unavailable, // the database is not there
	"53": unavailable, // insufficient resources
	"57": unavailable, // operator intervention: shutdown, start, cancelled by a timeout
	"58": unavailable, // system error: the disk
}

// connectionLost tells whether an error speaks of the way to the server.
func connectionLost(err error) violation {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return unavailable
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return unavailable
	}
	for _, lost := range []error{
		driver.ErrBadConn, io.ErrUnexpectedEOF, io.EOF, net.ErrClosed, sql.ErrConnDone,
	} {
		if errors.Is(err, lost) {
			return unavailable
		}
	}
	if pgconn.SafeToRetry(err) { // nothing was sent
		return unavailable
	}
	return other
}
