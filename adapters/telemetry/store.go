package telemetry

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// Store measures transactions, and counts the runs that come to their end in
// them. A request that starts a job is linked to that job's trace.
func (i *Instruments) Store(next store.Store) store.Store { return measured{i, next} }

type measured struct {
	*Instruments
	next store.Store
}

// View implements the port.
func (m measured) View(ctx context.Context, fn func(store.Tx) error) error {
	began := m.now()
	err := m.next.View(ctx, fn)
	m.transaction("view", began, err)
	return err
}

// Update implements the port.
func (m measured) Update(ctx context.Context, fence store.Fence, fn func(store.Tx) error) error {
	began := m.now()
	var over map[string]*synchronization.Synchronization
	var ended map[string]int
	err := m.next.Update(ctx, fence, func(tx store.Tx) error {
		over, ended = map[string]*synchronization.Synchronization{}, map[string]int{} // fn may run again
		return fn(watchedTx{tx, over, ended})
	})
	m.transaction("update", began, err)
	if err == nil {
		for _, run := range over {
			m.over(run)
		}
		for outcome, count := range ended {
			m.deliveries.WithLabelValues(outcome).Add(float64(count))
		}
	}
	return err
}

func (m measured) transaction(operation string, began time.Time, err error) {
	m.storeSeconds.WithLabelValues(operation, outcomeOf(err)).Observe(m.since(began))
}

// outcomeOf tells what a rule refused from what failed.
func outcomeOf(err error) string {
	if err == nil {
		return "ok"
	}
	kind := fault.KindOf(err)
	if kind == fault.Internal || kind == fault.Unavailable {
		if errors.Is(err, context.Canceled) {
			return "refused" // the caller left
		}
		return "failed"
	}
	return "refused"
}

func (m measured) over(run *synchronization.Synchronization) {
	kind, outcome := string(run.Type), string(run.Status)
	m.runs.WithLabelValues(kind, string(run.Trigger), outcome).Inc()
	if !run.StartedAt.IsZero() {
		m.runSeconds.WithLabelValues(kind, outcome).Observe(run.FinishedAt.Sub(run.StartedAt).Seconds())
	}
}

// watchedTx is a transaction whose runs, deliveries and jobs are seen.
type watchedTx struct {
	store.Tx
	over  map[string]*synchronization.Synchronization
	ended map[string]int
}

// Deliveries implements the port.
func (t watchedTx) Deliveries() store.Deliveries {
	return watchedDeliveries{t.Tx.Deliveries(), t.ended}
}

// Runs implements the port.
func (t watchedTx) Runs() store.Runs { return watchedRuns{t.Tx.Runs(), t.over} }

// Wake implements the port.
func (t watchedTx) Wake(ctx context.Context, job jobs.Job) error {
	trace.SpanFromContext(ctx).AddLink(trace.Link{
		SpanContext: traceOf(job.Kind, job.Key), Attributes: []attribute.KeyValue{attribute.String("tributary."+job.Kind, job.Key)},
	})
	return t.Tx.Wake(ctx, job)
}

type watchedRuns struct {
	store.Runs
	over map[string]*synchronization.Synchronization
}

// Put implements the port.
func (r watchedRuns) Put(ctx context.Context, run *synchronization.Synchronization) error {
	err := r.Runs.Put(ctx, run)
	if err == nil && run.Status.Final() {
		r.over[string(run.ID)] = run
	}
	return err
}
