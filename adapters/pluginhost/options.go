package pluginhost

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"
)

// Options say where the plugins are and how to run them.
type Options struct {
	// Dir is the folder of programs and manifests.
	Dir string
	// Settings by plugin, over those of the manifests.
	Settings map[string]map[string]string
	// Together names the plugins that may serve a provider together, each with
	// channels of its own. The first of them that serves it says what it is called.
	Together []string
	// Logger receives what goes wrong and what plugins print; none when nil.
	Logger *slog.Logger
	// Now is the clock of the back-off; the system's when nil.
	Now func() time.Time
	// Trace gives the W3C trace headers of a call, for the plugin; none when nil.
	Trace func(context.Context) map[string]string
	// StartTimeout bounds one start; 10 seconds when zero.
	StartTimeout time.Duration
	// Ping is how often a plugin is asked whether it is there, and how long it
	// may take to answer; 10 seconds when zero. Three unanswered in a row end it.
	Ping time.Duration
	// Rescan is how often the folder is looked at for replaced programs; never
	// when zero.
	Rescan time.Duration
	// Drain bounds how long a replaced generation may finish what it holds; 10
	// minutes when zero.
	Drain time.Duration
	// InFlight bounds the calls at once of one plugin, MaxMessage one message in
	// bytes, and MaxItems the items of one fetch; the SDK's defaults when zero.
	InFlight, MaxMessage, MaxItems int

	policy policy
	chance func() float64
	launch launcher
}

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now //nolint:forbidigo // processes live on real time, but in tests
	}
	for _, d := range []struct {
		limit *time.Duration
		value time.Duration
	}{{&o.StartTimeout, 10 * time.Second}, {&o.Ping, 10 * time.Second}, {&o.Drain, 10 * time.Minute}} {
		if *d.limit == 0 {
			*d.limit = d.value
		}
	}
	if o.policy == (policy{}) {
		o.policy = patient
	}
	if o.chance == nil {
		o.chance = rand.Float64 //nolint:forbidigo // it spreads load, and decides nothing
	}
	if o.launch == nil {
		o.launch = launch
	}
	return o
}
