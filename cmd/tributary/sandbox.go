package main

import (
	"cmp"
	"context"
	"io"
	"os"
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
	rateFlags
	drainFlags
	retentionFlags
	outboundFlags
	pluginFlags
	Testbank       string `help:"${testbank}" placeholder:"FILE"`
	TestbankConfig string `help:"${testbank_config}" placeholder:"FILE"`
	TestbankURL    string `name:"testbank-url" help:"${testbank_url}" placeholder:"URL"`
	logFlags
	JSON             bool `name:"json" help:"Print one line of JSON once everything answers."`
	UntilStdinCloses bool `hidden:"" help:"End when standard input closes: whoever started it has died."`
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
	if c.UntilStdinCloses {
		ctx = untilClosed(ctx, os.Stdin)
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

// untilClosed ends with ctx, or when in does: a pipe closes however the process
// at its other end died.
func untilClosed(ctx context.Context, in io.Reader) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in) // whatever ends the reading, nobody is there
		cancel()
	}()
	return ctx
}
