package admin

import (
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/desk"
)

// Outage takes one bank down, its pages included. The admin side goes on: somebody has to take it up again.
type Outage struct{ down atomic.Bool }

// Around refuses requests while the bank is down. The web site says so on pages of its own.
func (o *Outage) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.down.Load() && r.URL.Path != "/healthz" && !strings.HasPrefix(r.URL.Path, "/api/admin/") && !strings.HasPrefix(r.URL.Path, "/web/") {
			reply.Error(w, r, &bank.Refusal{Code: bank.Unavailable, Message: "The bank is not available for now. Please try again later."})
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (a *API) switchOff(w http.ResponseWriter, r *http.Request) {
	var body struct {
		Down *bool `json:"down"`
	}
	err := reply.Read(w, r, &body)
	if err == nil && body.Down == nil {
		err = &bank.Refusal{Code: bank.InvalidRequest, Message: "Send down, true or false."}
	}
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	a.outage.down.Store(*body.Down)
	_ = a.site.Change(func(s *desk.State) error { s.Down = *body.Down; return nil }) // nothing refuses it
	w.WriteHeader(http.StatusNoContent)
}
