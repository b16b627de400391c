package telemetry

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/jobs"
	port "github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

func TestTracesAreOffUnlessAskedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		env    map[string]string
		wanted bool
		err    error
	}{
		"nothing":           {nil, false, nil},
		"exporter":          {map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true, nil},
		"endpoint":          {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, true, nil},
		"traces' endpoint":  {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://x"}, true, nil},
		"none":              {map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://x"}, false, nil},
		"disabled":          {map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_SDK_DISABLED": "true"}, false, nil},
		"another exporter":  {map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, false, errExporter},
		"another protocol":  {map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, errProtocol},
		"the only protocol": {map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, true, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wanted, err := tracesWanted(func(name string) string { return c.env[name] })
			require.Equal(t, c.wanted, wanted)
			require.ErrorIs(t, err, c.err)
			if err != nil {
				require.Equal(t, fault.Invalid, fault.KindOf(err))
			}
		})
	}
}

func TestNoTracingIsNil(t *testing.T) {
	t.Parallel()
	tracing, err := OpenTracing(t.Context(), func(string) string { return "" }, "1", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	require.Nil(t, tracing)
	require.NoError(t, tracing.Close(t.Context()))
	ctx, ended := NewInstruments(time.Now, tracing).Request(t.Context(), "GET", http.Header{})
	ended("GET /", 200)
	require.Nil(t, Headers(ctx))
	require.Empty(t, FromContext(ctx))
}

// Not parallel: OpenTelemetry reads our own environment.
func TestSpansAreSentWhereTheVariablesSay(t *testing.T) {
	got := make(chan []byte, 1)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- append([]byte(r.URL.Path+" "), body...)
	}))
	defer collector.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.URL)
	t.Setenv("OTEL_SERVICE_NAME", "branch-office")
	getenv := func(name string) string { return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL}[name] }
	tracing, err := OpenTracing(t.Context(), getenv, "1.2.3", slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	_, ended := NewInstruments(time.Now, tracing).Request(t.Context(), "GET", http.Header{})
	ended("GET /v1/users/{id}", 200)
	require.NoError(t, tracing.Close(t.Context()))
	sent := string(<-got)
	for _, part := range []string{"/v1/traces ", "GET /v1/users/{id}", "branch-office", "1.2.3"} {
		require.Contains(t, sent, part)
	}
}

// recorded gives instruments and the spans that they end.
func recorded(t *testing.T) (*Instruments, *tracetest.InMemoryExporter) {
	spans := tracetest.NewInMemoryExporter()
	tracing, err := newTracing(sdktrace.WithSyncer(spans), "1")
	require.NoError(t, err)
	return NewInstruments(time.Now, tracing), spans
}

// waker is a store in which one can only wake.
type waker struct {
	store.Store
	store.Tx
}

func (w waker) Update(_ context.Context, _ store.Fence, fn func(store.Tx) error) error { return fn(w) }
func (waker) Wake(context.Context, jobs.Job) error                                     { return nil }

type silent struct {
	port.Gateway
	port.Catalogue
	seen func(context.Context)
}

func (silent) Provider(context.Context, string) (provider.Provider, error) {
	return provider.Provider{Channels: []provider.Channel{{ID: "way", Plugin: "pig"}}}, nil
}

func (s silent) Begin(ctx context.Context, _ port.Begin) (port.Step, error) {
	s.seen(ctx)
	return port.Step{}, &port.Failure{Code: port.AuthFailed, Err: errors.New("canary")}
}

// TestATraceGoesFromTheRequestIntoThePlugin through the job, which is another
// process's perhaps: the request is linked to the trace of the run.
func TestATraceGoesFromTheRequestIntoThePlugin(t *testing.T) {
	t.Parallel()
	i, spans := recorded(t)
	caller := http.Header{"Traceparent": {"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}}
	ctx, ended := i.Request(t.Context(), "POST", caller)
	require.NoError(t, i.Store(waker{}).Update(ctx, store.Fence{}, func(tx store.Tx) error {
		return tx.Wake(ctx, jobs.Job{Kind: "synchronize", Key: "syn_1"})
	}))
	ended("POST /v1/connections/{id}/synchronizations", 500)

	var headers map[string]string
	var log bytes.Buffer
	logger, err := NewLogger(&log, Config{Format: "json", FromContext: []func(context.Context) []slog.Attr{FromContext}})
	require.NoError(t, err)
	work := i.Job("synchronize", "synchronization_id", func(ctx context.Context, _ string) error {
		logger.InfoContext(ctx, "at work")
		_, err := i.Gateway(silent{seen: func(ctx context.Context) { headers = Headers(ctx) }}, silent{}).Begin(ctx, port.Begin{
			Session: port.Session{ChannelID: "way"}, Credentials: secret.Values{"password": secret.New("canary")},
		})
		return err
	})
	for range 2 { // the second time on another node
		require.Error(t, work(t.Context(), "syn_1"))
	}

	all := spans.GetSpans()
	require.Len(t, all, 5)
	request, call, job, later := all[0], all[1], all[2], all[4]
	require.Equal(t, "0af7651916cd43dd8448eb211c80319c", request.SpanContext.TraceID().String(), "the caller's trace goes on")
	require.Equal(t, "POST /v1/connections/{id}/synchronizations", request.Name)
	require.Len(t, request.Links, 1)
	require.Equal(t, job.SpanContext.TraceID(), request.Links[0].SpanContext.TraceID())
	require.Equal(t, "bank begin", call.Name)
	require.Equal(t, job.SpanContext.SpanID(), call.Parent.SpanID())
	require.Equal(t, "job synchronize", job.Name)
	require.Equal(t, job.SpanContext.TraceID(), later.SpanContext.TraceID(), "one run, one trace, on every node")
	require.NotEqual(t, job.SpanContext.SpanID(), later.SpanContext.SpanID())
	require.Contains(t, headers["traceparent"], job.SpanContext.TraceID().String())
	require.Contains(t, call.Attributes, attribute.String("tributary.plugin", "pig"))
	require.Contains(t, call.Attributes, attribute.String("tributary.code", "AUTH_FAILED"))
	for _, span := range all {
		for _, a := range span.Attributes {
			require.NotContains(t, a.Value.String(), "canary")
		}
		require.NotContains(t, span.Status.Description, "canary")
		require.Empty(t, span.Events)
	}
	require.Contains(t, log.String(), `"synchronization_id":"syn_1","trace_id":"`+job.SpanContext.TraceID().String()+`"`)
}

func TestOtherRunsAndRequestsHaveOtherTraces(t *testing.T) {
	t.Parallel()
	i, spans := recorded(t)
	for _, key := range []string{"syn_1", "syn_2"} {
		require.NoError(t, i.Job("synchronize", "synchronization_id", func(context.Context, string) error { return nil })(t.Context(), key))
	}
	for range 2 {
		_, ended := i.Request(t.Context(), "GET", http.Header{})
		ended("GET /", 200)
	}
	seen := map[string]bool{}
	for _, span := range spans.GetSpans() {
		seen[span.SpanContext.TraceID().String()] = true
	}
	require.Len(t, seen, 4)
}

func TestARecordSaysNothingTwice(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	logger, err := NewLogger(&log, Config{Format: "json", FromContext: []func(context.Context) []slog.Attr{
		func(context.Context) []slog.Attr {
			return []slog.Attr{slog.String("request_id", "a"), slog.Int("n", 1)}
		},
	}})
	require.NoError(t, err)
	logger.Info("x", "request_id", "b")
	require.Contains(t, log.String(), `"msg":"x","request_id":"b","n":1}`)
}
