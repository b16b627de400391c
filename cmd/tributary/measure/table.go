package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// table is what is printed at the end.
type table struct {
	rows *tabwriter.Writer
	// on is the database that the rows which are added belong to.
	on string
}

func newTable(out io.Writer) *table {
	t := &table{rows: tabwriter.NewWriter(out, 2, 4, 2, ' ', tabwriter.AlignRight)}
	fmt.Fprintln(t.rows, "what\ton\tours\traw limit\tours/raw\tunit\t")
	return t
}

// add a figure; a raw limit of 0 means that there is none to compare with.
func (t *table) add(what string, ours, raw float64, unit string) {
	limit, ratio := "", ""
	if raw != 0 {
		limit, ratio = fmt.Sprintf("%.1f", raw), fmt.Sprintf("%.2f", ours/raw)
	}
	fmt.Fprintf(t.rows, "%s\t%s\t%.1f\t%s\t%s\t%s\t\n", what, t.on, ours, limit, ratio, unit)
}

func (t *table) flush() error { return t.rows.Flush() }
