package node

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/adapters/outbound"
	"github.com/tributary-dev/tributary/adapters/playground"
	"github.com/tributary-dev/tributary/adapters/testbankhttp"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/app/rehearsing"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
)

// following is how often a process looks whether another one moved the clock,
// or the test bank was restarted.
const following = time.Second

// now is the time that users see and banks count days by. Only a sandbox moves
// it away from real time; whatever somebody waits for stays on time.Now.
func (n *Node) now() time.Time { return n.clock.Now() }

// openSandbox takes up what a sandbox has beside a production server.
func (n *Node) openSandbox(ctx context.Context) error {
	if n.config.Environment != setting.Sandbox {
		return nil
	}
	n.keeper = &rehearsing.Keeper{
		Store: n.store, Bank: testbankhttp.New(n.config.Settings[testBank]["base_url"]), Clock: n.clock, Log: n.log,
	}
	_, err := n.clock.Follow(ctx, n.store)
	return err
}

// gateway is the way to the banks; in a sandbox nobody speaks with a test bank
// that was not told what it has to know.
func (n *Node) gateway() provider.Gateway {
	measured := n.instruments.Gateway(n.plugins, n.plugins)
	if n.keeper == nil {
		return measured
	}
	return rehearsing.Gateway{Gateway: measured, Catalogue: n.plugins, Keeper: n.keeper}
}

// rehearse puts the sandbox's calls into the API.
func (n *Node) rehearse(kept store.Store, c *httpapi.Config) {
	if n.keeper == nil {
		return
	}
	// An operator who names networks of his own means what is there, mostly
	// without a certificate.
	fetcher := outbound.NewFetcher(outbound.Options{
		Rules: outbound.Rules{Allow: n.config.OutboundAllow}, PlainHTTP: len(n.config.OutboundAllow) > 0, Redirects: 3,
	}, sandbox.MaxText)
	c.Configurations = rehearsing.Configurations{Store: kept, Bank: n.keeper.Bank, Fetcher: fetcher, Now: n.now, IDs: n.ids, Log: n.log}
	c.Clock = rehearsing.Moving{Store: kept, Keeper: n.keeper}
	c.Scenarios = rehearsing.Scenarios{Store: kept, Keeper: n.keeper}
	c.Playground = playground.Handler()
}

// keepSandbox follows the clock and the test bank.
func (n *Node) keepSandbox(ctx context.Context) error {
	if n.keeper == nil {
		return nil
	}
	return n.keeper.Keep(ctx, following)
}
