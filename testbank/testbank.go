package testbank

import (
	_ "embed"
	"net/http"

	"github.com/tributary-dev/tributary/testbank/admin"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/openbanking"
	"github.com/tributary-dev/tributary/testbank/pages"
	"github.com/tributary-dev/tributary/testbank/portal"
	"github.com/tributary-dev/tributary/testbank/redirect"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site"
	"github.com/tributary-dev/tributary/testbank/site/desk"
	"github.com/tributary-dev/tributary/testbank/stet"
	"github.com/tributary-dev/tributary/testbank/xs2a"
)

//go:embed default.yaml
var defaultConfig []byte

// DefaultConfig gives the text of the configuration that ships.
func DefaultConfig() []byte { return append([]byte(nil), defaultConfig...) }

// Server is a bank that answers HTTP, and further ones below /b/{id}/ from configurations that were sent to it
// (POST /api/admin/configurations).
type Server struct {
	Bank    *bank.Bank
	hold    *admin.Hold
	handler http.Handler
}

// New opens a bank for a checked file (config.Parse). The zero Options are the real clock and randomness.
func New(file *config.File, options bank.Options) (*Server, error) {
	if options.Offset == nil {
		options.Offset = &bank.Offset{}
	}
	b, err := bank.New(file, options)
	if err != nil {
		return nil, err
	}
	hold, mux := &admin.Hold{}, http.NewServeMux()
	(&guests{options: options, hold: hold, byID: map[string]*guest{}}).mount(mux)
	mux.Handle("/", handlerOf(b, hold))
	return &Server{Bank: b, hold: hold, handler: hold.Around(mux)}, nil
}

// handlerOf serves one bank.
func handlerOf(b *bank.Bank, hold *admin.Hold) http.Handler {
	mux, outage, switches := http.NewServeMux(), &admin.Outage{}, desk.NewSwitch(b.File.Bank.Site)
	portal.Mount(mux, b)
	redirect.Mount(mux, b)
	xs2a.Mount(mux, b)
	openbanking.Mount(mux, b)
	stet.Mount(mux, b)
	pages.Mount(mux, b)
	site.Mount(mux, b, switches)
	admin.Mount(mux, b, hold, outage, switches)
	mux.HandleFunc("/", reply.NotFound)
	return outage.Around(mux)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close lets held requests go on, so that a server can shut down.
func (s *Server) Close() { s.hold.Release() }
