package delivery

import (
	"net/http"
	"time"
)

// Code says why an attempt had no answer. It says no more than that: what is
// reached or not behind an address is nobody's business but its owner's.
type Code string

// Codes.
const (
	// Unreachable: no answer, for whatever reason; also of an address that is not
	// public.
	Unreachable Code = "unreachable"
	// BadTLS: the endpoint has no certificate that we can trust.
	BadTLS Code = "tls_failed"
	// TimedOut: it did not answer in time.
	TimedOut Code = "timeout"
	// EventGone: the log does not have the event any more.
	EventGone Code = "event_gone"
)

// Codes lists them, for documentation.
func Codes() []Code { return []Code{Unreachable, BadTLS, TimedOut, EventGone} }

// Answer is what an endpoint said to a request, or why it said nothing.
type Answer struct {
	// HTTPStatus is 0 where there was no answer; then Code says why.
	HTTPStatus int
	Code       Code
	// Excerpt is the beginning of the body, for people to read.
	Excerpt string
	// RetryAfter is what it asked for, and 0 where it did not.
	RetryAfter time.Duration
	// Took is how long it was, until the answer was read.
	Took time.Duration
}

// Attempt is one request that was made.
type Attempt struct {
	// At is when it was made, on real time.
	At         time.Time
	HTTPStatus int
	Code       Code
	Took       time.Duration
	Excerpt    string
}

// Tried makes the attempt of a time out of its answer.
func (a Answer) Tried(at time.Time) Attempt {
	return Attempt{At: at, HTTPStatus: a.HTTPStatus, Code: a.Code, Took: a.Took, Excerpt: a.Excerpt}
}

// Succeeded reports whether the endpoint took the event: 2xx, and nothing else.
func (a Attempt) Succeeded() bool { return a.HTTPStatus >= 200 && a.HTTPStatus <= 299 }

// Gone reports whether the endpoint wants nothing more, ever.
func (a Attempt) Gone() bool { return a.HTTPStatus == http.StatusGone }

// wait is how long the endpoint wants to be left alone.
func (a Answer) wait() time.Duration {
	if a.HTTPStatus != http.StatusTooManyRequests && a.HTTPStatus != http.StatusServiceUnavailable {
		return 0
	}
	return min(a.RetryAfter, LongestWait)
}
