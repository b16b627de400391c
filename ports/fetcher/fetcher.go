// Package fetcher is the port to documents at addresses that strangers name,
// such as a configuration of the test bank. Its contract suite is
// fetchertest.Run.
//
// Invariant: an error never repeats the address, nor anything of what was
// found there, so that nobody can look into our network through it.
package fetcher

import (
	"context"

	"github.com/tributary-dev/tributary/core/fault"
)

// Fetcher reads documents.
type Fetcher interface {
	// Fetch reads the whole document at an http or https address. It fails with
	// ErrAddress where the address may not be asked, also after a redirect; with
	// ErrTooLarge; with ErrFetch whatever else goes wrong; and with the context's
	// error when that has ended by itself.
	Fetch(ctx context.Context, address string) ([]byte, error)
}

// What a fetch fails with.
var (
	// ErrAddress: the address is malformed, or leads where only our operator may go.
	ErrAddress = fault.New(fault.Invalid, "address_not_allowed", "This address cannot be used: it must be a public https address.")
	// ErrTooLarge: the document is larger than we read.
	ErrTooLarge = fault.New(fault.TooLarge, "document_too_large", "The document is too large.")
	// ErrFetch: nobody answers there, or not with a document.
	ErrFetch = fault.New(fault.Invalid, "document_not_available", "No document could be read at this address.")
)
