// Package config owns the test bank's configuration file: its shape, its JSON Schema and the list of everything
// wrong with one.
//
// It knows nothing of HTTP, of sessions or of how rules become transactions. Its invariant: a File that Parse gives
// back without mistakes is complete and consistent, so that no later package has to check it again; and every
// mistake carries the line and column it was made on, all of them in one pass.
//
// The structs of this package are the only description of the format. Their tags (yaml, need, enum, min, max, doc)
// drive the reader and the JSON Schema alike, so that the two cannot disagree.
package config
