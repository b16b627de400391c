// Package oauth owns the OAuth2 authorization server: who gets a token, for
// what, and whom a token stands for. The grants are those of the library Fosite;
// none of its types leaves this package. It knows nothing of the resources a
// token opens, nor of SQL.
//
// Invariants: a token or client secret is kept as its SHA-256 only; no answer
// tells whether an e-mail address exists, and none repeats what it was sent; a
// token stands for nobody once its client is disabled or its user is gone.
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
	life    time.Duration
	now     func() time.Time
	rand    io.Reader
	logger  *slog.Logger
	library *fosite.Fosite
}

var _ usecase.Authenticator = (*Server)(nil)

// New makes a server.
func New(config Config) *Server {
	s := &Server{
		store: config.Store, hasher: config.Hasher,
		life: config.TokenLife, now: config.Now, rand: config.Rand, logger: config.Logger,
	}
	if s.life <= 0 {
		s.life = time.Hour
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.rand == nil {
		s.rand = rand.Reader
	}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	s.library = s.compose()
	return s
}

// TokenPath is where tokens are asked for.
const TokenPath = "/oauth/token"

// Handler serves the endpoints under /oauth/. What is not served here gets a
// problem (RFC 9457), as everywhere; the endpoints answer as OAuth demands.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+TokenPath, s.token)
	mux.HandleFunc(TokenPath, wrongMethod)
	mux.HandleFunc("/", notFound)
	return mux
}
