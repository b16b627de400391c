// Package testbank is the port to the operator's side of the test bank, as the
// sandbox uses it. Customers' sides are reached through ports/provider, like
// any bank's. Its contract suite is testbanktest.Run.
//
// Invariant: what a test bank was told lives as long as its instance; errors
// never repeat a configuration.
package testbank

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Bank is a running test bank. Its calls fail with ErrUnavailable where nobody
// answers.
type Bank interface {
	// Instance names the running process: another one was told nothing yet.
	Instance(ctx context.Context) (string, error)
	// SetOffset puts its clock so far from real time, in whole seconds.
	SetOffset(ctx context.Context, offset time.Duration) error
	// Configurations lists what it serves beside its own file.
	Configurations(ctx context.Context) ([]ident.Configuration, error)
	// Put serves a configuration under an id and gives the bank's name. It fails
	// with ErrMistakes, whose details name each place, with ErrTooLarge or ErrFull.
	Put(ctx context.Context, id ident.Configuration, text []byte) (name string, err error)
	// Delete serves it no more; one that is not there is no error.
	Delete(ctx context.Context, id ident.Configuration) error
	// Forgive makes the bank forget what came of a persona's behaviours. The bank
	// is that of a configuration, or the shared one for "". It fails with
	// ErrPersona, also where there is no such bank.
	Forgive(ctx context.Context, id ident.Configuration, login string) error
	// SetDown takes one bank down, or up again, likewise.
	SetDown(ctx context.Context, id ident.Configuration, down bool) error
}

// Errors.
var (
	ErrUnavailable = fault.New(fault.Unavailable, "testbank_unavailable", "The test bank does not answer.")
	ErrMistakes    = fault.New(fault.Invalid, "invalid_configuration", "The configuration has mistakes; errors says where.")
	ErrTooLarge    = fault.New(fault.TooLarge, "configuration_too_large", "The configuration is too large, or its rules give too many transactions.")
	ErrFull        = fault.New(fault.Unavailable, "testbank_full", "The test bank serves as many configurations as it can.")
	ErrPersona     = fault.New(fault.Invalid, "persona_not_found", "The test bank has no such persona.").With(fault.At("body.login", "is nobody's login"))
)
