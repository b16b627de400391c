// Package download owns the files that banks' sites give to keep: CSV in every spelling, OFX, camt.053 and MT940.
//
// It knows no page and no recipe. CSV is read by encoding/csv, character sets by golang.org/x/text, camt and MT940 by the
// package that reads them for PSD2 banks; OFX is read here, because its kept library for Go is under the GPL. Invariants:
// amounts go from text to text; a row that cannot be read is an error, because leaving it out would be a hole.
package download
