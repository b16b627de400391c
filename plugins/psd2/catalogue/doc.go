// Package catalogue owns the banks that the plugin serves: one readable file for each, its schema (bank.schema.json) and
// its mistakes.
//
// It knows nothing of HTTP, of the plugin contract or of what a dialect does with an entry, and no secret: certificates
// and credentials are the operator's (package operator). Invariant: a Bank that was loaded satisfies the schema, names
// https addresses only, and every mistake in a file is told with the file's name and the line.
package catalogue
