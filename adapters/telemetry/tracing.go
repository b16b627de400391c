package telemetry

import (
	"context"
	"log/slog"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/tributary-dev/tributary/core/fault"
)

// Tracing sends spans away. The nil Tracing sends none.
type Tracing struct{ provider *sdktrace.TracerProvider }

var (
	errExporter = fault.New(fault.Invalid, "invalid_traces_exporter", `OTEL_TRACES_EXPORTER is "otlp" or "none".`)
	errProtocol = fault.New(fault.Invalid, "invalid_otlp_protocol", `OTEL_EXPORTER_OTLP_PROTOCOL is "http/protobuf".`)
)

// OpenTracing reads the standard OTEL_* variables. It gives nil, which works and
// sends nothing, unless OTEL_TRACES_EXPORTER is otlp or an OTLP endpoint is set;
// OTEL_SDK_DISABLED=true wins over both. Endpoint, headers, certificates,
// sampler and batches are read by OpenTelemetry itself from the same variables.
func OpenTracing(ctx context.Context, getenv func(string) string, version string, log *slog.Logger) (*Tracing, error) {
	wanted, err := tracesWanted(getenv)
	if err != nil || !wanted {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, err
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces not sent", "reason", err) }))
	return newTracing(sdktrace.WithBatcher(exporter), version)
}

func tracesWanted(getenv func(string) string) (bool, error) {
	exporter := getenv("OTEL_TRACES_EXPORTER")
	endpoint := getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	switch {
	case getenv("OTEL_SDK_DISABLED") == "true", exporter == "none", exporter == "" && endpoint == "":
		return false, nil
	case exporter != "" && exporter != "otlp":
		return false, errExporter
	}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"} {
		if protocol := getenv(name); protocol != "" && protocol != "http/protobuf" {
			return false, errProtocol
		}
	}
	return true, nil
}

func newTracing(to sdktrace.TracerProviderOption, version string) (*Tracing, error) {
	// The variables come last: they win over the name we give ourselves. The
	// command line and the host's owner are not told.
	about, err := resource.New(context.Background(), resource.WithTelemetrySDK(),
		resource.WithAttributes(attribute.String("service.name", "tributary"), attribute.String("service.version", version)),
		resource.WithFromEnv())
	if err != nil {
		return nil, err
	}
	return &Tracing{sdktrace.NewTracerProvider(to, sdktrace.WithResource(about), sdktrace.WithIDGenerator(identities{}))}, nil
}

func (t *Tracing) tracer() trace.Tracer {
	if t == nil {
		return noop.NewTracerProvider().Tracer("")
	}
	return t.provider.Tracer("github.com/tributary-dev/tributary")
}

// Close sends what is left, until ctx ends.
func (t *Tracing) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// Headers are the W3C headers of the span that ctx belongs to, for a plugin;
// nil when there is none.
func Headers(ctx context.Context) map[string]string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	if len(carrier) == 0 {
		return nil
	}
	return carrier
}
