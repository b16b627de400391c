// Package bunstore keeps state in SQL, through Bun. It owns the translation
// between the domain's types and rows, and nothing else: no rule of the domain,
// no job queue, no bus. What differs between databases stands in the files
// named after them; all other files are for every dialect.
//
// Invariant: state, events and woken jobs of one Update share one transaction,
// and every statement that serves an Owner names the owner's columns itself.
package bunstore
