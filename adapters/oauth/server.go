// Package oauth owns the OAuth2 authorization server: who gets a token, for
// what, and whom a token stands for. The library Fosite reads requests and writes
// answers; none of its types leaves this package. It knows nothing of the
// resources a token opens, nor of SQL.
//
// Invariants: a token or client secret is kept as its SHA-256 only; no answer
// tells whether an e-mail address exists, and none repeats what it was sent; a
// token stands for nobody once its client is disabled or its user is gone; of one
// grant at most one refresh token lives.
//
// Tokens live on real time, whatever the sandbox's clock says.
package oauth

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/ports/passwords"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Config of a server. Store and Hasher are needed.
type Config struct {
	Store  store.Store
	Hasher passwords.Hasher
	// TokenLife is how long an access token lives, in whole seconds; 0 is an hour.
	TokenLife time.Duration
	// RefreshLife is how long a refresh token lives unused; 0 is 30 days.
	RefreshLife time.Duration
	// FamilyLife is how long a grant can be refreshed altogether; 0 is 180 days.
	FamilyLife time.Duration
	// Grace is how long a used refresh token may be sent again, for answers that
	// got lost; 0 is 10 seconds, more than a minute is a minute. Negative is none.
	Grace time.Duration
	// Limits bound wrong passwords; what is zero has a default.
	Limits Limits
	// Issuer is the server's own address, without a slash at the end; without it
	// there is no metadata.
	Issuer string
	// Now is real time; nil is time.Now.
	Now func() time.Time
	// Rand gives tokens; nil is crypto/rand.
	Rand io.Reader
	// Logger is told of refusals and failures; nil is slog.Default().
	Logger *slog.Logger
}

// Server issues tokens and recognizes them.
type Server struct {
	store   store.Store
	hasher  passwords.Hasher
	now     func() time.Time
	rand    io.Reader
	logger  *slog.Logger
	library *fosite.Fosite

	accessLife, refreshLife, familyLife, grace time.Duration

	throttle *throttle
	desk     *desk
	clients  lookups[client.Client]
	bearers  lookups[store.Bearer]
	metadata []byte
}

var _ usecase.Authenticator = (*Server)(nil)

// New makes a server.
func New(config Config) *Server {
	s := &Server{
		store: config.Store, hasher: config.Hasher, now: config.Now, rand: config.Rand, logger: config.Logger,
		accessLife: orElse(config.TokenLife, time.Hour), refreshLife: orElse(config.RefreshLife, 30*24*time.Hour),
		familyLife: orElse(config.FamilyLife, 180*24*time.Hour), grace: min(config.Grace, longestGrace),
		throttle: newThrottle(config.Limits), metadata: metadata(config.Issuer),
	}
	if config.Grace == 0 {
		s.grace = standardGrace
	}
	if s.now == nil {
		s.now = time.Now //nolint:forbidigo // tokens live on real time, but in tests
	}
	if s.rand == nil {
		s.rand = rand.Reader //nolint:forbidigo // what gives tokens in earnest
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	s.desk = &desk{store: s.store}
	s.library = s.compose()
	return s
}

const (
	standardGrace = 10 * time.Second
	longestGrace  = time.Minute
)

func orElse(life, standard time.Duration) time.Duration {
	if life <= 0 {
		return standard
	}
	return life
}

// Paths of the endpoints.
const (
	TokenPath      = "/oauth/token"
	RevokePath     = "/oauth/revoke"
	IntrospectPath = "/oauth/introspect"
	MetadataPath   = "/.well-known/oauth-authorization-server"
)

// Handler serves the endpoints under /oauth/ and the metadata. What is not
// served here gets a problem (RFC 9457), as everywhere; the endpoints answer as
// OAuth demands.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for path, serve := range map[string]http.HandlerFunc{TokenPath: s.token, RevokePath: s.revoke, IntrospectPath: s.introspect} {
		mux.HandleFunc("POST "+path, serve)
		mux.HandleFunc(path, wrongMethod(http.MethodPost))
	}
	mux.HandleFunc("GET "+MetadataPath, s.describe)
	mux.HandleFunc(MetadataPath, wrongMethod(http.MethodGet+", "+http.MethodHead))
	mux.HandleFunc("/", notFound)
	return mux
}
