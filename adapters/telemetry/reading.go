package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tributary-dev/tributary/ports/store"
)

// Plugin is how one generation of a plugin does.
type Plugin struct {
	Name, State        string
	Restarts, InFlight int
}

// Plugins has the plugins told at each scrape.
func (i *Instruments) Plugins(read func() []Plugin) {
	i.registry.MustRegister(plugins{read, pluginState.describe(), pluginRestarts.describe(), pluginCalls.describe()})
}

type plugins struct {
	read                   func() []Plugin
	state, restarts, calls *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (p plugins) Describe(to chan<- *prometheus.Desc) {
	to <- p.state
	to <- p.restarts
	to <- p.calls
}

// Collect implements prometheus.Collector. Generations of one plugin that are
// drained beside the one that serves are added up: a series has one value.
func (p plugins) Collect(to chan<- prometheus.Metric) {
	type series struct{ plugin, state string }
	states, restarts, calls := map[series]float64{}, map[string]float64{}, map[string]float64{}
	for _, one := range p.read() {
		states[series{one.Name, one.State}] = 1
		restarts[one.Name] += float64(one.Restarts)
		calls[one.Name] += float64(one.InFlight)
	}
	for s, is := range states {
		to <- prometheus.MustNewConstMetric(p.state, prometheus.GaugeValue, is, s.plugin, s.state)
	}
	for name, n := range restarts {
		to <- prometheus.MustNewConstMetric(p.restarts, prometheus.CounterValue, n, name)
		to <- prometheus.MustNewConstMetric(p.calls, prometheus.GaugeValue, calls[name], name)
	}
}

// Broker has it told whether a broker answers, at each scrape.
func (i *Instruments) Broker(answers func() bool) {
	i.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: brokerUp.name, Help: brokerUp.help}, func() float64 {
		if answers() {
			return 1
		}
		return 0
	}))
}

// EventLag has the lag read at each scrape, for a second at most. What cannot be
// read is left out: a wrong zero would hide the outage.
func (i *Instruments) EventLag(read func(context.Context) (store.Lag, error)) {
	i.registry.MustRegister(lag{read, eventLag.describe(), eventLagLongest.describe()})
}

type lag struct {
	read         func(context.Context) (store.Lag, error)
	all, longest *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (l lag) Describe(to chan<- *prometheus.Desc) {
	to <- l.all
	to <- l.longest
}

// Collect implements prometheus.Collector.
func (l lag) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if found, err := l.read(ctx); err == nil {
		to <- prometheus.MustNewConstMetric(l.all, prometheus.GaugeValue, float64(found.All))
		to <- prometheus.MustNewConstMetric(l.longest, prometheus.GaugeValue, float64(found.Longest))
	}
}

// Webhooks has what webhooks owe read at each scrape, for a second at most. What
// cannot be read is missing: a wrong number is worse.
func (i *Instruments) Webhooks(read func(context.Context) (store.Backlog, error)) {
	i.registry.MustRegister(backlog{i, read, webhookLag.describe(), webhookPending.describe(), webhookOldest.describe()})
}

type backlog struct {
	*Instruments
	read                func(context.Context) (store.Backlog, error)
	lag, count, longest *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (b backlog) Describe(to chan<- *prometheus.Desc) {
	to <- b.lag
	to <- b.count
	to <- b.longest
}

// Collect implements prometheus.Collector.
func (b backlog) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	found, err := b.read(ctx)
	if err != nil {
		return
	}
	age := 0.0
	if !found.Oldest.IsZero() {
		age = max(0, b.now().Sub(found.Oldest).Seconds())
	}
	to <- prometheus.MustNewConstMetric(b.lag, prometheus.GaugeValue, float64(found.Behind))
	to <- prometheus.MustNewConstMetric(b.count, prometheus.GaugeValue, float64(found.Pending))
	to <- prometheus.MustNewConstMetric(b.longest, prometheus.GaugeValue, age)
}
