// Package fault owns the one error type that crosses Tributary's borders. It
// knows nothing of HTTP or SQL: adapters translate once, at their border.
//
// Invariant: Message and Details may be shown to a stranger; Err may not.
package fault

import (
	"errors"
	"fmt"
	"time"
)

// Kind is the closed set of what can go wrong, as a caller sees it.
type Kind string

// Kinds.
const (
	Invalid         Kind = "invalid"
	Unauthenticated Kind = "unauthenticated"
	Forbidden       Kind = "forbidden"
	NotFound        Kind = "not_found"
	Gone            Kind = "gone"
	Conflict        Kind = "conflict"
	TooLarge        Kind = "too_large"
	RateLimited     Kind = "rate_limited"
	Unavailable     Kind = "unavailable"
	Internal        Kind = "internal"
)

// Kinds lists the set, for tables that must be complete.
func Kinds() []Kind {
	return []Kind{Invalid, Unauthenticated, Forbidden, NotFound, Gone, Conflict, TooLarge, RateLimited, Unavailable, Internal}
}

// Detail names one place that is wrong. Message never repeats the value.
type Detail struct {
	// Location is a path such as "body.channels[0].credentials.login".
	Location string
	Message  string
}

// Error is a typed error.
type Error struct {
	Kind Kind
	// Code is stable, snake_case, and documented; clients may switch on it.
	Code string
	// Message is a sentence that may be shown to anyone.
	Message string
	Details []Detail
	// RetryAfter is set where trying again later makes sense.
	RetryAfter time.Duration
	// Subject is the id of the thing that stands in the way, if any.
	Subject string
	// Err is the cause, for logs only.
	Err error
}

// Error is for logs: it includes the cause.
func (e *Error) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", e.Code, e.Message, e.Err)
	}
	return e.Code + ": " + e.Message
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is compare kind and code; an empty code matches any.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && (t.Code == "" || t.Code == e.Code)
}

// New makes an error.
func New(kind Kind, code, message string) *Error {
	return &Error{Kind: kind, Code: code, Message: message}
}

// Because returns a copy of e with the cause err.
func (e *Error) Because(err error) *Error {
	c := *e
	c.Err = err
	return &c
}

// About returns a copy of e that names the thing in the way.
func (e *Error) About(subject string) *Error {
	c := *e
	c.Subject = subject
	return &c
}

// After returns a copy of e that says when another try makes sense.
func (e *Error) After(wait time.Duration) *Error {
	c := *e
	c.RetryAfter = wait
	return &c
}

// With returns a copy of e with details added.
func (e *Error) With(details ...Detail) *Error {
	c := *e
	c.Details = append(append([]Detail(nil), e.Details...), details...)
	return &c
}

// At is short for one detail.
func At(location, message string) Detail { return Detail{Location: location, Message: message} }

// KindOf tells the kind of err; anything unknown is Internal.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// IsNotFound reports whether err says that a thing does not exist.
func IsNotFound(err error) bool { return err != nil && KindOf(err) == NotFound }
