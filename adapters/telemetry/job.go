package telemetry

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// Job measures and traces the handler of one kind of job. The log of its work
// says as subject, such as "synchronization_id", the job's key; a trace of a
// run holds the jobs of all nodes that ever worked on it.
func (i *Instruments) Job(kind, subject string, next jobs.Handler) jobs.Handler {
	return func(ctx context.Context, key string) (err error) {
		began, now := i.now(), i.worksNow.WithLabelValues(kind)
		now.Inc()
		ctx = context.WithValue(ctx, workKey{}, work{subject, key})
		ctx, span := i.tracer.Start(withTrace(ctx, traceOf(kind, key)), "job "+kind, trace.WithNewRoot(),
			trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(attribute.String("tributary."+subject, key)))
		outcome := "panicked"
		defer func() {
			now.Dec()
			i.works.WithLabelValues(kind, outcome).Inc()
			i.workSeconds.WithLabelValues(kind).Observe(i.since(began))
			if outcome != "ok" {
				span.SetStatus(codes.Error, outcome)
			}
			span.End()
		}()
		if err = next(ctx, key); err != nil {
			outcome = "failed"
			return err
		}
		outcome = "ok"
		return nil
	}
}

type workKey struct{}

// work is what a job is about.
type work struct{ subject, key string }

// FromContext tells the log which job and which trace a record belongs to.
func FromContext(ctx context.Context) []slog.Attr {
	var out []slog.Attr
	if w, ok := ctx.Value(workKey{}).(work); ok {
		out = append(out, slog.String(w.subject, w.key))
	}
	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		out = append(out, slog.String("trace_id", span.TraceID().String()))
	}
	return out
}
