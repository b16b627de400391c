package main

import (
	"cmp"
	"context"
	"path/filepath"

	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/sandbox"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

type sandboxCommand struct {
	placeFlags
	keyFlags
	Listen    string `help:"${listen}" placeholder:"HOST:PORT"`
	PublicURL string `name:"public-url" help:"${public_url}" placeholder:"URL"`
	pluginFlags
	Testbank       string `help:"${testbank}" placeholder:"FILE"`
	TestbankConfig string `help:"${testbank_config}" placeholder:"FILE"`
	TestbankURL    string `name:"testbank-url" help:"${testbank_url}" placeholder:"URL"`
	logFlags
	JSON bool `name:"json" help:"Print one line of JSON once everything answers."`
}

// Help shows how it is meant to be called.
func (sandboxCommand) Help() string {
	return examples("Everything on one machine, until Ctrl-C:",
		"tributary sandbox", "tributary sandbox --data /tmp/try --listen 127.0.0.1:0 --json")
}

// Run starts the sandbox.
func (c sandboxCommand) Run(ctx context.Context, std streams, v setting.Values) error {
	beside, err := ownFolder()
	if err != nil {
		return err
	}
	v.Environment = setting.Sandbox
	v.LogLevel = cmp.Or(v.LogLevel, "warn")
	v.Plugins = cmp.Or(v.Plugins, filepath.Join(beside, "plugins"))
	config := node.FromValues(v)
	config.Log, config.Version = std.log, version
	return sandbox.Run(ctx, std.out, sandbox.Options{
		Node: config, JSON: c.JSON, TestBank: cmp.Or(v.Testbank, filepath.Join(beside, "testbank")),
		TestBankConfig: v.TestbankConfig, TestBankURL: v.TestbankURL,
	})
}
