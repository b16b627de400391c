// Package upgrade tests that a database survives the program's next version:
// claim R12. It starts the built program as an operator does, kills it in the
// middle, and looks at the rows from outside.
//
// For each version of the schema that ever was, a database is made at that
// version and filled; the program that is built here brings it up to date while
// it is killed again and again; afterwards every row is there as it was. A
// program that knows fewer migrations, built from the same tree without the
// newest one, refuses what it finds then.
//
// Invariant: what is compared is what was in the database before, column by
// column; a migration that changes old values has to say so here.
//
// N is how many transactions there are, KILLS how often each upgrade is killed,
// SEED what chooses the moments: make upgrade N=1000000 KILLS=20 SEED=7.
package upgrade
