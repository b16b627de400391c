package main

import (
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// streamed is how many rows a plugin streams, streamBatch how many at a time.
const (
	streamed    = 200_000
	streamBatch = 100
)

// stream measures how fast rows come out of a plugin's process that has nothing
// else to do: checked, translated and in the server's own words. The raw limit
// sends the same rows through a bare socket, with Go's own binary coding.
func (b *bench) stream(ctx context.Context) error {
	b.say("streaming %d rows out of a plugin", streamed)
	host, err := pluginhost.Open(ctx, pluginhost.Options{
		Dir: filepath.Join(b.bin, "measure"), Settings: map[string]map[string]string{"flood": {"rows": fmt.Sprint(streamed)}},
	})
	if err != nil {
		return err
	}
	defer host.Close(time.Second)
	call, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	got := &counted{}
	began := time.Now()
	err = host.Fetch(call, provider.Fetch{
		Session: provider.Session{ID: "measure", ProviderID: "flood", ChannelID: "flood-embedded"}, Mode: synchronization.All,
	}, got)
	took := time.Since(began)
	if err != nil {
		return err
	}
	if got.rows != streamed {
		return fmt.Errorf("%d rows came out of %d", got.rows, streamed)
	}
	bare, err := bareStream()
	if err != nil {
		return err
	}
	b.table.add("rows streamed by a plugin", streamed/took.Seconds(), streamed/bare.Seconds(), "/s")
	return nil
}

// counted is a sink that only counts.
type counted struct{ rows int }

func (*counted) Account(string, ledger.Report) error                    { return nil }
func (*counted) Balances(string, []ledger.Balance) error                { return nil }
func (c *counted) Rows(_ string, rows []ledger.Row) error               { c.rows += len(rows); return nil }
func (*counted) Done(_ string, _, _ bank.Day) error                     { return nil }
func (*counted) Failed(string, provider.Scope, *provider.Failure) error { return nil }
func (*counted) Progress(synchronization.Stage, int, int) error         { return nil }
func (*counted) Used(provider.Usage) error                              { return nil }

// bareStreamRow is a row as the plugin sends it.
type bareStreamRow struct {
	BankID, Amount, Currency, Status, Type, BookingDate, ValueDate, Label string
	Raw                                                                   []byte
}

func bareStream() (time.Duration, error) {
	here, there := net.Pipe()
	began := time.Now()
	failed := make(chan error, 1)
	go func() {
		out := gob.NewEncoder(there)
		var err error
		for n := 0; n < streamed && err == nil; n += streamBatch {
			batch := make([]bareStreamRow, streamBatch)
			for i := range batch {
				batch[i] = bareStreamRow{
					BankID: fmt.Sprint("row-", n+i), Amount: "-12.30", Currency: "EUR", Status: "BOOKED", BookingDate: "2026-01-02",
					ValueDate: "2026-01-03", Label: "CARD SHOP 17", Raw: []byte(`{"id":"row","amount":"-12.30","label":"CARD SHOP 17"}`),
				}
			}
			err = out.Encode(batch)
		}
		failed <- errors.Join(err, there.Close())
	}()
	in := gob.NewDecoder(here)
	for {
		var batch []bareStreamRow
		err := in.Decode(&batch)
		if errors.Is(err, io.EOF) {
			return time.Since(began), <-failed
		}
		if err != nil {
			return 0, err
		}
		for _, row := range batch {
			if _, err := money.Parse(row.Amount, row.Currency); err != nil {
				return 0, err
			}
		}
	}
}
