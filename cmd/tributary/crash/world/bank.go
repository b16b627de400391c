package world

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// Bank is a test bank of our own: it lives on when a server is killed.
type Bank struct {
	URL      string
	programs Programs
	folder   string
	address  string
	process  *process
}

// OpenBank starts a bank with a configuration.
func OpenBank(programs Programs, folder, configuration string) (*Bank, error) {
	address, err := pgcluster.FreeAddress()
	if err != nil {
		return nil, err
	}
	b := &Bank{URL: "http://" + address, programs: programs, folder: folder, address: address}
	if err := os.WriteFile(b.config(), []byte(configuration), 0o600); err != nil {
		return nil, err
	}
	return b, b.start()
}

func (b *Bank) config() string { return filepath.Join(b.folder, "bank.yaml") }

func (b *Bank) record() string { return filepath.Join(b.folder, "visits") }

func (b *Bank) start() (err error) {
	b.process, err = launch(b.folder, nil, b.programs.path("testbank"), "serve", "--listen", b.address, "--until-stdin-closes", "--config", b.config(), "--record", b.record())
	if err != nil {
		return err
	}
	var said struct{ URL string }
	if err := b.process.greeting(&said); err != nil {
		return fmt.Errorf("the bank: %w\n%s", err, b.process.said())
	}
	return nil
}

// Kill ends the bank with SIGKILL.
func (b *Bank) Kill() { b.process.kill() }

// Restart begins it anew: it knows nothing but its file.
func (b *Bank) Restart() error { return b.start() }

// Truth is what a customer's accounts really are.
func (b *Bank) Truth(ctx context.Context, login string) ([]call.Thing, error) {
	all, err := b.caller().Get(ctx, "/api/admin/truth?login="+url.QueryEscape(login))
	if err != nil {
		return nil, err
	}
	for _, p := range all.Things("personas") {
		if p.Text("login") == login {
			return p.Things("accounts"), nil
		}
	}
	return nil, fmt.Errorf("the bank knows no %s", login)
}

// Visits are all calls that the bank had of programs, in its own record: a bank
// that was killed had written down what it answered.
func (b *Bank) Visits() (all []call.Thing, err error) {
	text, err := os.ReadFile(b.record())
	for lines := json.NewDecoder(bytes.NewReader(text)); err == nil; {
		var one call.Thing
		if err = lines.Decode(&one); err == nil {
			all = append(all, one)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return all, err
}

// Today is the bank's day.
func (b *Bank) Today(ctx context.Context) (string, error) {
	clock, err := b.caller().Get(ctx, "/api/admin/clock")
	return clock.Text("today"), err
}

// Hold keeps requests below a path waiting, after the first few.
func (b *Bank) Hold(ctx context.Context, prefix string, skip int) error {
	_, err := b.caller().Post(ctx, "/api/admin/hold", map[string]any{"path_prefix": prefix, "skip": skip})
	return err
}

// Release lets them go on.
func (b *Bank) Release(ctx context.Context) error {
	_, err := b.caller().Post(ctx, "/api/admin/release", nil)
	return err
}

func (b *Bank) caller() call.Caller { return call.Caller{Base: b.URL, HTTP: browser} }

// browser follows no redirect, so that each is seen.
var browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// Submit sends a form of one of the bank's pages and gives where that leads.
func Submit(ctx context.Context, page string, form url.Values) (location string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, page, bytes.NewBufferString(form.Encode()))
	if err != nil {
		return "", err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := browser.Do(request)
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusSeeOther {
		return "", fmt.Errorf("%s: %s", page, response.Status)
	}
	return response.Header.Get("Location"), nil
}

// Visit reads a page.
func Visit(ctx context.Context, page string) ([]byte, error) {
	answer, err := call.Caller{HTTP: browser}.Send(ctx, http.MethodGet, page, nil, "")
	return answer.Body, err
}
