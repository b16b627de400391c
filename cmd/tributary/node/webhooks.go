package node

import (
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/webhookhttp"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/app/notifying"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/webhook"
)

// idle bounds connections that wait for the next request: some for each of a
// thousand endpoints. Many of them may be of one host.
const (
	idle      = 8192
	idleAHost = 1024
)

// notify makes what sends events, and puts its calls into the API. Deliveries are
// on real time, whatever the sandbox's clock says.
func (n *Node) notify(seen, kept store.Store, c *httpapi.Config) {
	limits := notifying.Limits{}.Defaults()
	reach := outbound.Options{
		Rules: outbound.Rules{Allow: n.config.OutboundAllow}, PlainHTTP: n.config.Environment == setting.Sandbox, Timeout: webhook.Limit,
		TLS: func(t *http.Transport) { t.MaxIdleConns, t.MaxIdleConnsPerHost = idle, idleAHost },
	}
	sender := n.instruments.Sender(webhookhttp.New(webhookhttp.Config{Client: outbound.NewClient(reach), Check: reach.Check, Now: time.Now, Version: n.config.Version}))
	n.dispatcher = notifying.NewDispatcher(&notifying.Dispatcher{
		Store: seen, Bus: n.bus, Sender: sender, Box: n.box, Encode: httpapi.EncodeEvent, Real: time.Now, Dice: rand.Float64,
		Log: n.log, Owner: owner(), Limits: limits,
	})
	hooks := notifying.Service{
		Store: kept, Sender: sender, Box: n.box, Encode: httpapi.EncodeEvent, Now: n.now, Real: time.Now, IDs: n.ids, Changed: n.dispatcher.Changed,
	}
	c.Webhooks, c.Deliveries = hooks, hooks
}
