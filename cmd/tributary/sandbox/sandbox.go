// Package sandbox starts everything a developer needs on one machine: the
// server on SQLite, the plugins, the test bank and one demo client. When it
// ends, however it ends, all of it ends.
package sandbox

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/cmd/tributary/demo"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

// Options of a sandbox.
type Options struct {
	// Node is the server; its test bank is added here.
	Node     node.Config
	JSON     bool
	TestBank string
	// TestBankConfig is the test bank's own file, empty for its default.
	TestBankConfig string
	// TestBankURL is a test bank that runs already; none is started then.
	TestBankURL string
}

// Greeting is what a script reads to go on.
type Greeting struct {
	demo.Target
	TestBankURL string `json:"testbank_url"`
	// Playground is the page to try things on, with the demo client's credentials in
	// its fragment, which browsers send nowhere.
	Playground string `json:"playground_url"`
}

// Run starts a sandbox and serves until ctx ends.
func Run(ctx context.Context, out io.Writer, o Options) error {
	if err := os.MkdirAll(o.Node.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	starting, cancel := context.WithTimeout(ctx, 60*time.Second)
	defer cancel()
	papers, err := o.thirdParty()
	if err != nil {
		return err
	}
	defer papers.Close()
	bank, err := o.bank(starting, papers)
	if err != nil {
		return err
	}
	defer bank.Close()
	config, err := papers.told(At(allowed(o.Node), bank.URL), bank)
	if err != nil {
		return err
	}
	running, err := node.Open(ctx, config)
	if err != nil {
		return err
	}
	defer running.Close()
	if err := papers.registers(starting, bank, running.URL()+"/connect/return"); err != nil {
		return err
	}
	greeting, err := o.greet(ctx, running, bank)
	if err != nil {
		return err
	}
	return running.Serve(ctx, func() error { return o.announce(out, greeting) })
}

// thirdParty: a bank that runs already has its own certificates, and its own entry somewhere.
func (o Options) thirdParty() (*thirdParty, error) {
	if o.TestBankURL != "" {
		return nil, nil
	}
	return asThirdParty(o.Node)
}

func (o Options) bank(ctx context.Context, papers *thirdParty) (*testBank, error) {
	if o.TestBankURL != "" {
		return &testBank{URL: o.TestBankURL}, nil
	}
	return startBank(ctx, o.TestBank, o.TestBankConfig, papers.arguments()...)
}

// At has the plugins that know the test bank speak to a bank; what else they are told stays.
func At(config node.Config, url string) node.Config {
	config.Settings = maps.Clone(config.Settings)
	if config.Settings == nil {
		config.Settings = map[string]map[string]string{}
	}
	for plugin, setting := range bankPlugins {
		told := maps.Clone(config.Settings[plugin])
		if told == nil {
			told = map[string]string{}
		}
		told[setting] = url
		config.Settings[plugin] = told
	}
	return config
}

// bankPlugins are those that speak to the test bank, with the setting that says where it is: its portal, and its web site.
var bankPlugins = map[string]string{"testbank": "base_url", "scraper": "testbank_url"}

func (o Options) greet(ctx context.Context, running *node.Node, bank *testBank) (Greeting, error) {
	fresh := func() (secret.String, string) { return oauth.NewSecret(rand.Reader) }
	application, err := demoClientOf(ctx, o.Node.Data, running.Store(), running.Box(), ident.Real(), fresh)
	if err != nil {
		return Greeting{}, err
	}
	if err := register(ctx, running.Store(), application.ID, running.URL()); err != nil {
		return Greeting{}, err
	}
	target := demo.Target{
		BaseURL: running.URL(), ClientID: string(application.ID), ClientSecret: application.secret.Reveal(), Personas: bank.Personas,
	}
	if target.Personas == nil {
		target.Personas = []demo.Persona{}
	}
	return Greeting{target, bank.URL, playgroundOf(target)}, nil
}

func (o Options) announce(out io.Writer, g Greeting) error {
	if o.JSON {
		return json.NewEncoder(out).Encode(g)
	}
	_, err := io.WriteString(out, banner(g, filepath.Clean(o.Node.Data)))
	return err
}
