package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/sandbox"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

type serveCommand struct {
	Environment string `help:"${environment}" placeholder:"NAME"`
	placeFlags
	busFlags
	keyFlags
	listenFlags
	rateFlags
	drainFlags
	retentionFlags
	outboundFlags
	pluginFlags
	logFlags
	TestbankURL string `name:"testbank-url" help:"${testbank_url}" placeholder:"URL"`
	JSON        bool   `name:"json" help:"Print one line of JSON once everything answers."`
}

// Help shows how it is meant to be called.
func (serveCommand) Help() string {
	return examples("A server in production, behind a certificate of its own:",
		"tributary keys generate --data /var/lib/tributary",
		"tributary serve --data /var/lib/tributary --listen 0.0.0.0:8443 --public-url https://bank-data.example.com --tls-cert-file chain.pem --tls-key-file key.pem",
		"tributary serve --config /etc/tributary.yaml")
}

// Run serves until ctx ends. It refuses to start half: everything that is wrong
// is told before anything is opened.
func (c serveCommand) Run(ctx context.Context, std streams, v setting.Values) error {
	config, err := serverConfig(std, v)
	if err != nil {
		return err
	}
	running, err := node.Open(ctx, config)
	if err != nil {
		return err
	}
	defer running.Close()
	return running.Serve(ctx, func() error { return c.announce(std, config, running.URL()) })
}

// serverConfig is what the settings make of a server, or all that keeps it from
// starting.
func serverConfig(std streams, v setting.Values) (node.Config, error) {
	config := node.FromValues(v)
	config.Log, config.Version = std.log, version
	var err error
	if config.Plugins, err = pluginsOf(v); err != nil {
		return config, err
	}
	refused := config.Refusals()
	if v.Environment == setting.Production && (v.Testbank != "" || v.TestbankConfig != "" || v.TestbankURL != "") {
		refused = append(refused, "the test bank has no place in production: remove testbank, testbank_config and testbank_url")
	}
	if len(refused) > 0 {
		return config, refused
	}
	if v.Environment == setting.Sandbox {
		err = os.MkdirAll(v.Data, 0o700)
	}
	if v.TestbankURL != "" {
		config = sandbox.At(config, v.TestbankURL)
	}
	return config, err
}

func (c serveCommand) announce(std streams, config node.Config, url string) error {
	if c.JSON {
		return json.NewEncoder(std.out).Encode(map[string]string{
			"base_url": url, "environment": config.Environment, "version": version,
		})
	}
	_, err := fmt.Fprintf(std.out, "tributary %s answers at %s (%s)\n", version, url, config.Environment)
	return err
}

// examples is the help below the flags.
func examples(said string, lines ...string) string {
	return said + "\n\n  " + strings.Join(lines, "\n  ")
}
