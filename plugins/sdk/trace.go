package sdk

import "context"

type traceKey struct{}

// WithTrace gives ctx the trace context of the caller: the W3C headers by
// their lower-case names, such as "traceparent". It crosses the border with
// every call.
func WithTrace(ctx context.Context, headers map[string]string) context.Context {
	if len(headers) == 0 {
		return ctx
	}
	return context.WithValue(ctx, traceKey{}, headers)
}

// Trace gives the trace context of the caller; nil when there is none.
func Trace(ctx context.Context) map[string]string {
	headers, _ := ctx.Value(traceKey{}).(map[string]string)
	return headers
}
