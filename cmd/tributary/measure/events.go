package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/eventbus"
	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// appenders write at once, an event and a transaction at a time.
const appenders = 16

// events measures how many events a second are appended and seen by who waits
// for them, and how long that takes, with one client and with a thousand, each
// with a reader of its own. This is the log without the API. The raw limit commits
// a bare row for each event, on as many connections as the store has for writing.
func (b *bench) events(ctx context.Context, db database) error {
	bare, err := b.rawAppends(ctx, db)
	if err != nil {
		return err
	}
	for _, clients := range []int{1, 1000} {
		b.say("appending to the logs of %d clients on %s", clients, db.name())
		l, err := b.openLog(ctx, db, clients)
		if err != nil {
			return err
		}
		rate, taken, err := l.measure(ctx, b.lasting)
		if err := errors.Join(err, l.close()); err != nil {
			return err
		}
		on := fmt.Sprintf(", %d clients", clients)
		b.table.add("events appended and seen"+on, rate, bare.rate, "/s")
		b.table.add("from commit to reader"+on+", p50", ms(taken[len(taken)/2]), 0, "ms")
		b.table.add("from commit to reader"+on+", p99", ms(taken[len(taken)*99/100]), 0, "ms")
	}
	return nil
}

// eventLog is a store with clients.
type eventLog struct {
	store   *bunstore.Store
	bus     *eventbus.Bus
	watch   *delivering.Watcher
	clients []ident.Client

	mu    sync.Mutex
	taken []time.Duration
	seen  atomic.Int64
}

func (b *bench) openLog(ctx context.Context, db database, clients int) (*eventLog, error) {
	l := &eventLog{bus: eventbus.OpenLocal(eventbus.Config{})}
	config := bunstore.Config{Hint: func(c ident.Client, seq int64) { l.bus.Publish(ctx, bus.Hint{Client: c, Seq: seq}) }}
	name := fmt.Sprint("appends", clients)
	path, address, err := db.place(ctx, name)
	if err != nil {
		return nil, err
	}
	config.Path, config.DSN = path, secret.New(address)
	if l.store, err = bunstore.Open(ctx, config); err != nil {
		return nil, err
	}
	l.watch = &delivering.Watcher{Store: l.store}
	ids := ident.Real()
	return l, l.store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		l.clients = nil
		for n := range clients {
			c, err := client.New(ident.New[ident.Client](ids), "measured", fmt.Sprint("hash", n), time.Now())
			if err != nil {
				return err
			}
			if err := tx.Clients().Put(ctx, c); err != nil {
				return err
			}
			l.clients = append(l.clients, c.ID)
		}
		return nil
	})
}

func (l *eventLog) close() error { return errors.Join(l.bus.Close(), l.store.Close()) }

// measure appends for a while, and waits until the readers have seen all of it.
func (l *eventLog) measure(ctx context.Context, lasting time.Duration) (rate float64, taken []time.Duration, err error) {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var readers, writers sync.WaitGroup
	for _, c := range l.clients {
		readers.Go(func() { l.read(reading, c) })
	}
	failed := make([]error, appenders)
	var count atomic.Int64
	began := time.Now()
	for n := range appenders {
		writers.Go(func() {
			for i := n; time.Since(began) < lasting && failed[n] == nil; i += appenders {
				failed[n] = l.append(ctx, l.clients[i%len(l.clients)])
				count.Add(1)
			}
		})
	}
	writers.Wait()
	if err := errors.Join(failed...); err != nil {
		return 0, nil, err
	}
	for limit := time.Now().Add(time.Minute); l.seen.Load() < count.Load() && ctx.Err() == nil; time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			return 0, nil, fmt.Errorf("%d of %d events were seen", l.seen.Load(), count.Load())
		}
	}
	rate = float64(count.Load()) / time.Since(began).Seconds()
	stop()
	readers.Wait()
	slices.Sort(l.taken)
	return rate, l.taken, nil
}

func (l *eventLog) append(ctx context.Context, c ident.Client) error {
	return l.store.Update(ctx, store.Fence{}, func(tx store.Tx) error {
		return tx.Events().Append(ctx, c, event.Draft{
			Name: event.AccountsAdded, Version: 1, UserID: "usr_01j9z3k6f8q2v4x6z8b0d2f4h6", ConnectionID: "con_01j9z3k6f8q2v4x6z8b0d2f4h6",
			Data: event.Data{"account_ids": []string{"acc_01j9z3k6f8q2v4x6z8b0d2f4h6"}},
		})
	})
}

// read follows a client's log by long polling.
func (l *eventLog) read(ctx context.Context, c ident.Client) {
	log := delivering.Log{Service: delivering.Service{Store: l.store, Bus: l.bus, Now: time.Now, Watch: l.watch}}
	var seq int64
	for ctx.Err() == nil {
		found, err := log.After(ctx, usecase.Principal{Client: c}, &seq, store.EventFilter{}, 500, 30*time.Second)
		if err != nil {
			continue
		}
		now := time.Now()
		l.mu.Lock()
		for _, e := range found {
			seq = e.Seq
			l.taken = append(l.taken, now.Sub(e.OccurredAt))
		}
		l.mu.Unlock()
		l.seen.Add(int64(len(found)))
	}
}

// rawAppends commits rows, and does nothing else.
func (b *bench) rawAppends(ctx context.Context, db database) (figures, error) {
	bare, err := db.open(ctx, "rawappends")
	if err != nil {
		return figures{}, err
	}
	defer func() { _ = bare.Close() }()
	bare.SetMaxOpenConns(db.writers())
	bare.SetMaxIdleConns(db.writers())
	if err := execute(ctx, bare, "CREATE TABLE fact (seq BIGINT PRIMARY KEY, client TEXT, data TEXT)"); err != nil {
		return figures{}, err
	}
	statement := "INSERT INTO fact VALUES (" + db.parameter(1) + ", " + db.parameter(2) + ", " + db.parameter(3) + ")"
	var count atomic.Int64
	failed := make([]error, appenders)
	var writers sync.WaitGroup
	began := time.Now()
	for n := range appenders {
		writers.Go(func() {
			for time.Since(began) < b.lasting && failed[n] == nil {
				_, failed[n] = bare.ExecContext(ctx, statement, count.Add(1), "client", `{"account_ids":["acc_01j9z3k6f8q2v4x6z8b0d2f4h6"]}`)
			}
		})
	}
	writers.Wait()
	return figures{rate: float64(count.Load()) / time.Since(began).Seconds()}, errors.Join(failed...)
}
