package widget

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/ports/usecase"
)

// Config is what the pages are made of.
type Config struct {
	Visits usecase.Visits
	// ServerURL is where the public reaches us; by https, cookies get the name that
	// no other host can set.
	ServerURL string
	Logger    *slog.Logger
	// Now is the time by which guesses are counted.
	Now func() time.Time
}

// patience is how long a page may take.
const patience = 10 * time.Second

// New makes the handler of everything below /widget/.
func New(config Config) http.Handler {
	s := &server{Config: config, origins: http.NewCrossOriginProtection(), guesses: newGuesses()}
	if s.Logger == nil {
		s.Logger = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /widget/assets/{hash}/{name}", s.asset)
	mux.HandleFunc("GET /widget/themes/{client}/{theme}/{hash}/{name}", s.theme)
	mux.HandleFunc("GET /widget/logos/{provider}/{hash}/logo.png", s.logo)
	mux.HandleFunc("GET /widget/tributary.js", s.opener)
	mux.HandleFunc("GET /widget/{id}/{entry}/{link}", s.place(s.enter))
	mux.HandleFunc("GET /widget/{id}", s.place(s.show))
	mux.HandleFunc("POST /widget/{id}", s.place(s.take))
	mux.HandleFunc("GET /widget/{id}/banks", s.banks)
	mux.HandleFunc("GET /widget/{id}/pulse", s.pulse)
	return s.within(mux)
}

// server binds pages to visits.
type server struct {
	Config
	origins *http.CrossOriginProtection
	guesses *guesses
}

func (s *server) within(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, end := context.WithTimeout(r.Context(), patience)
		defer end()
		harden(w.Header())
		outer := r
		r = r.WithContext(ctx)
		next.ServeHTTP(w, r)
		outer.Pattern = r.Pattern // for who logs the route
	})
}

func (s *server) secure() bool { return strings.HasPrefix(s.ServerURL, "https:") }
