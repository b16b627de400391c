// Package notation owns how banks' pages write amounts and days: by locale, with signs that stand before, behind, around
// or beside a number, and months that are words.
//
// It knows no page and no recipe. Invariants: text to text, never through a float; what is not understood completely is an
// error and never a guess.
package notation
