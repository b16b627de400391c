package telemetry

import (
	"context"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// Request measures one request and opens its span, below the caller's where the
// header names one. It fits httpapi.Observe.
func (i *Instruments) Request(ctx context.Context, method string, header http.Header) (context.Context, func(route string, status int)) {
	began, now := i.now(), i.requestsNow.WithLabelValues()
	now.Inc()
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(header))
	ctx, span := i.tracer.Start(ctx, method, trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(route string, status int) {
		now.Dec()
		i.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
		i.requestSeconds.WithLabelValues(method, route).Observe(i.since(began))
		span.SetName(route)
		span.SetAttributes(attribute.String("http.request.method", method), attribute.String("http.route", route),
			attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}
