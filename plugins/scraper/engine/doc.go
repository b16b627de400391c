// Package engine owns what is done with a recipe in a browser: to find out where we are, to do what is done there, to ask
// the user through the contract's challenges, and to read accounts and transactions.
//
// It knows no bank: everything that is particular stands in the recipe. Invariants: with nobody there no code is asked for
// and no page is left on which that would send one; a page that is not understood is a typed failure and never an empty
// result; what was given by the user goes to the page through the browser's pipe and to no error, log or record.
package engine
