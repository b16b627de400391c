package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tributary-dev/tributary/cmd/tributary/measure/aspsp"
)

// aspspRows is what stands on the account of each PSD2 bank, unless fewer rows are wanted.
const aspspRows = 100_000

// psd2 measures an account of 100,000 rows that is read over a PSD2 interface, in each standard: through the plugin alone,
// and through the server into each database; how often the bank is called for that; and what it costs to sign. The raw
// limits read the pages with a bare client, write the same rows bare, make no call that is not needed, and sign with the bare key.
func (b *bench) psd2(ctx context.Context) error {
	rows := min(b.rows, aspspRows)
	a, err := b.openASPSPs(rows)
	defer a.close()
	if err != nil {
		return err
	}
	for _, bank := range a.banks {
		if err := b.converting(ctx, a, bank, rows); err != nil {
			return fmt.Errorf("%s: %w", bank.Name, err)
		}
	}
	var made []tallied
	err = b.each(func(ctx context.Context, db database) error {
		for _, bank := range a.banks {
			counted, err := b.storing(ctx, db, a, bank, rows)
			if err != nil {
				return fmt.Errorf("%s: %w", bank.Name, err)
			}
			made = append(made, counted...)
		}
		return nil
	})(ctx)
	return errors.Join(err, b.judge(made), b.signatures())
}

// converting reads through the plugin's process, and beside it bare.
func (b *bench) converting(ctx context.Context, a aspsps, bank *aspsp.Bank, rows int) error {
	b.say("reading %d rows of %s", rows, bank.Name)
	bare, err := bank.Bare(ctx)
	if err != nil {
		return err
	}
	read, err := b.fetch(ctx, a, bank, rows)
	if err != nil {
		return err
	}
	b.table.add("PSD2 rows read and converted, "+bank.Name, float64(rows)/read.took.Seconds(), float64(rows)/bare.Seconds(), "/s")
	b.table.add("CPU of the plugin for one of them, "+bank.Name, micros(read.spent)/float64(rows), 0, "µs")
	return nil
}

// tallied is what a synchronization asked of a bank.
type tallied struct {
	what, on string
	bank     *aspsp.Bank
	aspsp.Tally
	connected bool
}

// judge tells how often banks were called. A call that is not needed has a reason or is a defect.
func (b *bench) judge(all []tallied) (err error) {
	for _, t := range all {
		needed, reasoned := t.bank.Needed(t.Tally, t.connected), t.bank.Reasoned(t.Tally, t.connected)
		b.table.on = t.on
		b.table.add("calls of the bank, "+t.what+", "+t.bank.Name, float64(t.Made.Sum()), float64(needed.Sum()), "")
		if more := t.Made.Less(needed); more != "" {
			b.say("not needed for %s of %s on %s: %s", t.what, t.bank.Name, t.on, more)
		}
		if more := t.Made.Less(reasoned); more != "" {
			err = errors.Join(err, fmt.Errorf("%s on %s: calls of the bank without a reason: %s", t.bank.Name, t.on, more))
		}
		if fewer := needed.Less(t.Made); fewer != "" {
			err = errors.Join(err, fmt.Errorf("%s on %s: these calls were needed and not made: %s", t.bank.Name, t.on, fewer))
		}
	}
	b.table.on = ""
	return err
}
