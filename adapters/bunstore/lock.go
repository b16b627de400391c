package bunstore

import "errors"

// ErrInUse says that another process has the database open.
var ErrInUse = errors.New("bunstore: the database is in use by another process")
