// Package recipe owns the language in which a bank's web site is described: one readable file for each bank, its schema
// (recipe.schema.json), and its mistakes.
//
// It knows no browser: what a recipe says is done by package engine. Invariants: a Recipe that was loaded satisfies the
// schema, each of its patterns, expressions, selectors and days compiles, and every mistake is told with file, line and
// column; a recipe names credentials and never holds one.
package recipe
