package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/demo"
)

// testBank is the bank beside us: a program of its own, to which we speak HTTP
// as to any bank.
type testBank struct {
	URL string `json:"url"`
	// PSD2URL is where third parties find it, where that was asked for.
	PSD2URL string `json:"psd2_url"`
	// STET is how it speaks that standard, SealURL where it finds our seal then.
	STET struct {
		URL, Path, Consents string
	} `json:"stet"`
	SealURL string `json:"seal_url"`
	// OpenBankingURL is where those of UK Open Banking do.
	OpenBankingURL string         `json:"open_banking_url"`
	Personas       []demo.Persona `json:"personas"`

	command *exec.Cmd
	stdin   io.Closer
	ended   chan struct{}
}

// startBank starts the executable and waits until it answers. It ends when we
// do: its standard input is a pipe whose other end dies with this process.
func startBank(ctx context.Context, path, config string, more ...string) (*testBank, error) {
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--until-stdin-closes"}, more...)
	if config != "" {
		args = append(args, "--config", config)
	}
	command := exec.Command(path, args...)
	command.Stderr = os.Stderr
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C reaches us; we end the bank
	stdin, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("the test bank does not start: %w", err)
	}
	bank := &testBank{command: command, stdin: stdin, ended: make(chan struct{})}
	if err := bank.greet(ctx, stdout); err != nil {
		bank.Close()
		return nil, fmt.Errorf("the test bank does not answer: %w", err)
	}
	return bank, nil
}

// greet reads the one line of JSON that says where the bank is.
func (b *testBank) greet(ctx context.Context, stdout io.Reader) error {
	first := make(chan error, 1)
	go func() {
		defer close(b.ended)
		lines := bufio.NewReader(stdout)
		line, err := lines.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, b)
		}
		first <- err
		_, _ = io.Copy(io.Discard, lines)
		_ = b.command.Wait()
	}()
	select {
	case err := <-first:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close ends the bank, gently first.
func (b *testBank) Close() {
	if b.command == nil {
		return
	}
	_ = b.stdin.Close()
	select {
	case <-b.ended:
	case <-time.After(3 * time.Second):
		_ = b.command.Process.Kill()
		<-b.ended
	}
}
