package telemetry

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/trace"
)

// Instruments measure and trace what passes through the ports they wrap.
type Instruments struct {
	registry *prometheus.Registry
	tracer   trace.Tracer
	now      func() time.Time

	requests, runs, calls, works, posts, deliveries                                          *prometheus.CounterVec
	requestSeconds, runSeconds, callSeconds, workSeconds, storeSeconds, hashing, postSeconds *prometheus.HistogramVec
	requestsNow, worksNow, hashesNow, postsNow                                               *prometheus.GaugeVec
}

// NewInstruments makes them with a registry of their own. now is real time.
func NewInstruments(now func() time.Time, tracing *Tracing) *Instruments {
	i := &Instruments{registry: prometheus.NewRegistry(), tracer: tracing.tracer(), now: now}
	i.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	i.requests, i.runs, i.calls, i.works = i.counts(requests), i.counts(runs), i.counts(calls), i.counts(works)
	i.requestSeconds, i.runSeconds, i.callSeconds = i.times(requestSeconds), i.times(runSeconds), i.times(callSeconds)
	i.workSeconds, i.storeSeconds, i.hashing = i.times(workSeconds), i.times(storeSeconds), i.times(hashSeconds)
	i.requestsNow, i.worksNow, i.hashesNow = i.levels(requestsNow), i.levels(worksNow), i.levels(hashesNow)
	i.posts, i.deliveries, i.postSeconds, i.postsNow = i.counts(posts), i.counts(deliveries), i.times(postSeconds), i.levels(postsNow)
	return i
}

// Handler serves the metrics. It belongs on a listener of its own.
func (i *Instruments) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(i.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}))
	return mux
}

func (i *Instruments) counts(m metric) *prometheus.CounterVec {
	v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: m.name, Help: m.help}, m.labels)
	i.registry.MustRegister(v)
	return v
}

func (i *Instruments) levels(m metric) *prometheus.GaugeVec {
	v := prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: m.name, Help: m.help}, m.labels)
	i.registry.MustRegister(v)
	return v
}

func (i *Instruments) times(m metric) *prometheus.HistogramVec {
	v := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: m.name, Help: m.help, Buckets: m.buckets}, m.labels)
	i.registry.MustRegister(v)
	return v
}

// describe is the family for a collector that reads at the scrape.
func (m metric) describe() *prometheus.Desc {
	return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", m.name), m.help, m.labels, nil)
}

// since is the time that passed, in seconds.
func (i *Instruments) since(began time.Time) float64 { return i.now().Sub(began).Seconds() }
