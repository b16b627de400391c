package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/demo"
)

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
	command := exec.Command(self, "sandbox", "--data", folder, "--listen", "127.0.0.1:0", "--json", "--until-stdin-closes")
	command.Stderr = std.log
	if _, err := command.StdinPipe(); err != nil { // never written to: its end tells of ours
		return target, nil, err
	}
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
