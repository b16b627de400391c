package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/tributary-dev/tributary/cmd/tributary/demo"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// server is a real sandbox process.
type server struct {
	demo.Target
	command *exec.Cmd
	// user and connection are what connect made.
	user, connection string
	// metrics is where the server tells them, if it does.
	metrics string
	// attended has every call say that the user is there.
	attended bool
}

// start runs a sandbox on a database. What uses the same data folder later finds
// what was there.
func (b *bench) start(ctx context.Context, db database, data string, more ...string) (*server, error) {
	settings, err := db.settings(ctx, data)
	if err != nil {
		return nil, err
	}
	return b.launch(db, data, settings, more...)
}

// watched is start with metrics.
func (b *bench) watched(ctx context.Context, db database, data string, more ...string) (*server, error) {
	settings, err := db.settings(ctx, data)
	if err != nil {
		return nil, err
	}
	address, err := pgcluster.FreeAddress()
	if err != nil {
		return nil, err
	}
	s, err := b.launch(db, data, append(settings, "TRIBUTARY_METRICS_LISTEN="+address), more...)
	if err == nil {
		s.metrics = "http://" + address + "/metrics"
	}
	return s, err
}

func (b *bench) launch(db database, data string, settings []string, more ...string) (*server, error) {
	args := append([]string{"sandbox", "--data", b.home(db, data), "--listen", "127.0.0.1:0", "--json", "--until-stdin-closes"}, more...)
	command := exec.Command(filepath.Join(b.bin, "tributary"), args...)
	command.Env, command.Stderr = append(os.Environ(), settings...), os.Stderr
	if _, err := command.StdinPipe(); err != nil { // closes with us, however we end
		return nil, err
	}
	out, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	s := &server{command: command}
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &s.Target)
	}
	if err != nil {
		s.stop()
		return nil, fmt.Errorf("the sandbox did not start: %w", err)
	}
	return s, nil
}

// home is the data folder of a name.
func (b *bench) home(db database, name string) string {
	return filepath.Join(b.folder, db.name()+"-"+name)
}

func (s *server) stop() {
	_ = s.command.Process.Signal(os.Interrupt)
	_ = s.command.Wait()
}

func (s *server) tokenRequest(form url.Values) (*http.Request, error) {
	req, err := http.NewRequest(http.MethodPost, s.BaseURL+"/oauth/token", strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.SetBasicAuth(s.ClientID, s.ClientSecret)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}

var clientCredentials = url.Values{"grant_type": {"client_credentials"}}

// token gets a client's token.
func (s *server) token() (string, error) {
	req, err := s.tokenRequest(clientCredentials)
	if err != nil {
		return "", err
	}
	var answer struct {
		AccessToken string `json:"access_token"`
	}
	err = decode(req, &answer)
	return answer.AccessToken, err
}

// call makes a request of the API and reads the answer.
func (s *server) call(ctx context.Context, token, method, path string, body, into any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, s.BaseURL+path, bytes.NewReader(text))
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	if s.attended {
		req.Header.Set("PSU-IP-Address", "192.0.2.1")
	}
	return decode(req, into)
}

func decode(req *http.Request, into any) error {
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 2000))
		return errors.New(req.URL.Path + ": " + res.Status + ": " + string(text))
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(into)
}
