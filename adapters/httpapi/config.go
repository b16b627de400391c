package httpapi

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Config is what the API is made of. Authenticator and the use cases are
// needed; the rest has defaults.
type Config struct {
	Authenticator    usecase.Authenticator
	Users            usecase.Users
	Providers        usecase.Providers
	Connections      usecase.Connections
	Challenges       usecase.Challenges
	Diagnoses        usecase.Diagnoses
	Quotas           usecase.Quotas
	Synchronizations usecase.Synchronizations
	Ledger           usecase.Ledger
	Feed             usecase.Feed
	Accounts         usecase.Accounts
	Transactions     usecase.Transactions
	Rules            usecase.Rules
	Consents         usecase.Consents
	Queues           usecase.Queues
	Events           usecase.Events
	Webhooks         usecase.Webhooks
	Deliveries       usecase.Deliveries
	WidgetSessions   usecase.WidgetSessions
	// Configurations, Clock and Scenarios are what a sandbox has; in the
	// environment production nobody asks for them.
	Configurations usecase.Configurations
	Clock          usecase.Clock
	Scenarios      usecase.Scenarios
	// Attempts keep the answers of calls that are sent again; nil keeps none.
	Attempts usecase.Attempts

	// Rate bounds what one client may ask; the zero Rate does not.
	Rate Rate
	// OAuth answers below /oauth/ and at /.well-known/oauth-authorization-server;
	// without it those are unknown.
	OAuth http.Handler
	// Pages answer below /widget/; without them those are unknown.
	Pages http.Handler
	// Playground answers at /playground; without it, as in production, there is none.
	Playground http.Handler
	// Health is what /healthz and /readyz tell.
	Health Health
	// Observe is told of every request; nobody is when nil.
	Observe Observe
	// Beat is how long a stream of events says nothing at most; 15 seconds when zero.
	Beat time.Duration
	// Environment ("sandbox", "production") is told in a header of each answer.
	Environment string
	// ServerURL is where the public reaches us; https turns HSTS on.
	ServerURL string
	Logger    *slog.Logger
	// IDs is the clock of the access log and the randomness of request ids.
	IDs ident.Source
}

// New makes the handler of everything under one host, for NewServer.
func New(config Config) http.Handler {
	s := &server{Config: config, meter: newMeter(config.Rate)}
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	if s.Beat == 0 {
		s.Beat = beat
	}
	if s.IDs.Now == nil || s.IDs.Rand == nil {
		s.IDs = ident.Real()
	}
	_, mux := s.assemble()
	s.mountReturn(mux)
	s.mountDocuments(mux)
	s.mountHealth(mux)
	return compressed(s.edge(s.observed(s.split(mux))))
}

// server binds operations to use cases.
type server struct {
	Config
	meter *meter
	// open counts the streams.
	open tally
}
