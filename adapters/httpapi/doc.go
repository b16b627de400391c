// Package httpapi serves the REST API, the return from the bank and the health
// check. It owns the wire: JSON shapes, status codes, cursors, problems and the
// OpenAPI document that is generated from them. It must not know how anything
// is stored, and decides nothing: what may be seen is the use cases' business.
//
// Invariants: every answer that is not a success is a problem (RFC 9457) with a
// stable code and a request id; no value that a caller sent comes back in one,
// and none is logged; a property or parameter that is not documented is refused
// by its name.
package httpapi
