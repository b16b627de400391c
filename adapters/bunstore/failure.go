package bunstore

import (
	"context"
	"errors"

	"github.com/tributary-dev/tributary/core/fault"
)

// violation is what a database says of a statement, whatever its dialect.
type violation int

const (
	other violation = iota
	// notUnique: another row has this key.
	notUnique
	// orphan: a row refers to one that is not there.
	orphan
	// unavailable: busy, full, or gone; later it may work.
	unavailable
	// repeat: ended for the sake of others; run again it should work.
	repeat
	// unstorable: this database cannot keep such a value.
	unstorable
)

// Errors of the store itself.
var (
	errUnavailable = fault.New(fault.Unavailable, "storage_unavailable", "The storage cannot be reached now.")
	errStorage     = fault.New(fault.Internal, "storage_failed", "The storage failed.")
	errNotUnique   = fault.New(fault.Conflict, "exists_already", "There is already one like this.")
	errOrphan      = fault.New(fault.NotFound, "owner_not_found", "What this belongs to does not exist.")
	errReadOnly    = fault.New(fault.Internal, "read_only", "A view does not write.")
	errLimit       = fault.New(fault.Internal, "page_limit", "A page has at least one item.")
	errRepeat      = fault.New(fault.Unavailable, "storage_contended", "Too many changes at once; try again.")
	errUnstorable  = fault.New(fault.Invalid, "unstorable_text", "A text holds characters that cannot be kept, or is too long.")
	errNoQueue     = fault.New(fault.Internal, "no_job_queue", "This store was opened without a job queue.")
)

var faults = map[violation]*fault.Error{
	other: errStorage, notUnique: errNotUnique, orphan: errOrphan, unavailable: errUnavailable,
	repeat: errRepeat, unstorable: errUnstorable,
}

// fail is the border: what comes from the driver leaves as a fault.
func (s *Store) fail(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*fault.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return errUnavailable.Because(err)
	}
	return faults[s.engine.violation(err)].Because(err)
}
