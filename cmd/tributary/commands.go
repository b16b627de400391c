package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/demo"
	"github.com/tributary-dev/tributary/cmd/tributary/sandbox"
)

type sandboxCommand struct {
	Data           string `help:"Folder for database and keys." default:"data" env:"TRIBUTARY_DATA"`
	Listen         string `help:"Address to listen on; port 0 picks a free one." default:"127.0.0.1:8080" env:"TRIBUTARY_LISTEN"`
	JSON           bool   `name:"json" help:"Print one line of JSON once everything answers."`
	Plugins        string `help:"Folder of plugins (default: plugins beside this program)." env:"TRIBUTARY_PLUGINS"`
	Testbank       string `help:"The test bank's program (default: testbank beside this program)." env:"TRIBUTARY_TESTBANK"`
	TestbankConfig string `help:"The test bank's configuration file (default: its own)." env:"TRIBUTARY_TESTBANK_CONFIG"`
	TestbankURL    string `help:"Use a test bank that is running already." env:"TRIBUTARY_TESTBANK_URL"`
	LogLevel       string `help:"debug, info, warn or error." default:"warn" enum:"debug,info,warn,error" env:"TRIBUTARY_LOG_LEVEL"`
}

// Run starts the sandbox.
func (c sandboxCommand) Run(ctx context.Context, std streams) error {
	beside, err := ownFolder()
	if err != nil {
		return err
	}
	if c.Plugins == "" {
		c.Plugins = filepath.Join(beside, "plugins")
	}
	if c.Testbank == "" {
		c.Testbank = filepath.Join(beside, "testbank")
	}
	return sandbox.Run(ctx, std.out, std.log, sandbox.Options{
		Data: c.Data, Listen: c.Listen, JSON: c.JSON, Plugins: c.Plugins, TestBank: c.Testbank,
		TestBankConfig: c.TestbankConfig, TestBankURL: c.TestbankURL, LogLevel: c.LogLevel, Version: version,
	})
}

func ownFolder() (string, error) {
	self, err := os.Executable()
	return filepath.Dir(self), err
}

type demoCommand struct {
	Timeout time.Duration `help:"When to give up." default:"120s"`
}

// Run starts a sandbox in a folder of its own and plays against it.
func (c demoCommand) Run(ctx context.Context, std streams) error {
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	folder, err := os.MkdirTemp("", "tributary-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	target, stop, err := startSandbox(ctx, folder, std)
	if err != nil {
		return err
	}
	defer stop()
	return demo.Run(ctx, std.out, target)
}

// startSandbox runs this program a second time: the demo sees the server only
// from outside.
func startSandbox(ctx context.Context, folder string, std streams) (target demo.Target, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return target, nil, err
	}
	command := exec.Command(self, "sandbox", "--data", folder, "--listen", "127.0.0.1:0", "--json")
	command.Stderr = std.log
	stdout, err := command.StdoutPipe()
	if err != nil {
		return target, nil, err
	}
	if err := command.Start(); err != nil {
		return target, nil, err
	}
	stop = func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	}
	unwatch := context.AfterFunc(ctx, func() { _ = command.Process.Kill() })
	defer unwatch()
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err != nil {
		stop()
		return target, nil, errors.New("the sandbox did not start")
	}
	if err := json.Unmarshal(line, &target); err != nil {
		stop()
		return target, nil, fmt.Errorf("the sandbox's greeting: %w", err)
	}
	return target, stop, nil
}

type versionCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Run prints the version.
func (c versionCommand) Run(std streams) error {
	if c.JSON {
		return json.NewEncoder(std.out).Encode(map[string]string{"version": version})
	}
	_, err := fmt.Fprintln(std.out, "tributary", version)
	return err
}
