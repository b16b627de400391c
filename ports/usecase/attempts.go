package usecase

import (
	"context"

	"github.com/tributary-dev/tributary/core/ident"
)

// Attempts let a call be sent again and have one effect.
type Attempts interface {
	// Begin starts work on a call, or gives the answer that it had before. It
	// fails with a Conflict fault while another works on it, and with an Invalid
	// one where the key was given with another request.
	Begin(ctx context.Context, p Principal, sent Sending) (Attempt, error)
	// Finish keeps the answer of what Begin started.
	Finish(ctx context.Context, a Attempt, answer Answer) error
	// Abandon gives up what had no effect: it may be sent again, also changed.
	Abandon(ctx context.Context, a Attempt) error
}

// Sending is what is sent under a key; it is kept by hash.
type Sending struct {
	Key   string
	Route string
	Body  []byte
}

// Attempt is a turn at a call.
type Attempt struct {
	ID    string
	Epoch int64
	// Earlier is the answer that is to be given again; nil where there is work to do.
	Earlier *Answer
}

// Answer is what a caller got.
type Answer struct {
	Status   int
	Location string
	Body     []byte
	// About is the user whose data it holds; it is forgotten with that user.
	About ident.User
}

type attemptKey struct{}

// WithAttempt tells the stores below of a turn that is being taken.
func WithAttempt(ctx context.Context, a Attempt) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// AttemptOf finds the turn of a context.
func AttemptOf(ctx context.Context) (a Attempt, taken bool) {
	a, taken = ctx.Value(attemptKey{}).(Attempt)
	return a, taken
}
