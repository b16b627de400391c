// Package testbankhttp owns how the sandbox speaks to the operator's side of
// the test bank (/api/admin), over HTTP like to any outside party. It knows no
// store and no client.
//
// Invariant: nothing that the test bank answers is repeated, but the places and
// reasons of mistakes, which it promises to hold no value.
package testbankhttp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/testbank"
)

const (
	callLimit   = 10 * time.Second
	answerLimit = 4 << 20
)

// Bank is a test bank at an address. It implements testbank.Bank; without an
// address nobody answers.
type Bank struct {
	base string
	http *http.Client
}

// New makes a bank of the address of its root, which may be empty.
func New(base string) *Bank {
	return &Bank{base: base, http: &http.Client{
		Timeout:       callLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		// No proxy of the environment: it is mostly a process beside us.
		Transport: &http.Transport{DialContext: (&net.Dialer{Timeout: callLimit}).DialContext, IdleConnTimeout: time.Minute},
	}}
}

// answer is what the bank said: a status, and a body that fits it.
type answer struct {
	status int
	body   []byte
}

func (b *Bank) call(ctx context.Context, method, path string, body []byte) (answer, error) {
	if b.base == "" {
		return answer{}, testbank.ErrUnavailable.Because(errors.New("no address is configured"))
	}
	request, err := http.NewRequestWithContext(ctx, method, b.base+path, bytes.NewReader(body))
	if err != nil {
		return answer{}, testbank.ErrUnavailable
	}
	response, err := b.http.Do(request)
	if err != nil {
		return answer{}, b.silent(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, answerLimit))
	if err != nil {
		return answer{}, b.silent(ctx, err)
	}
	if response.StatusCode >= http.StatusInternalServerError {
		return answer{}, testbank.ErrUnavailable.Because(fmt.Errorf("status %d", response.StatusCode))
	}
	return answer{response.StatusCode, text}, nil
}

// silent keeps the cause without the address, in which a login may stand.
func (b *Bank) silent(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var around *url.Error
	if errors.As(err, &around) {
		err = around.Err
	}
	return testbank.ErrUnavailable.Because(err)
}

// read wants success, and puts the answer into a value unless that is nil.
func (a answer) read(into any) error {
	if a.status >= http.StatusMultipleChoices {
		return testbank.ErrUnavailable.Because(fmt.Errorf("status %d", a.status))
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		return testbank.ErrUnavailable.Because(err)
	}
	return nil
}

// Instance implements testbank.Bank.
func (b *Bank) Instance(ctx context.Context) (string, error) {
	said, err := b.call(ctx, http.MethodGet, "/healthz", nil)
	if err != nil {
		return "", err
	}
	var body struct{ Instance string }
	if err := said.read(&body); err != nil {
		return "", err
	}
	if body.Instance == "" {
		return "", testbank.ErrUnavailable.Because(errors.New("something else answers there"))
	}
	return body.Instance, nil
}

// SetOffset implements testbank.Bank.
func (b *Bank) SetOffset(ctx context.Context, offset time.Duration) error {
	said, err := b.call(ctx, http.MethodPost, "/api/admin/clock", fmt.Appendf(nil, `{"offset_seconds":%d}`, offset/time.Second))
	if err != nil {
		return err
	}
	return said.read(nil)
}

// Forgive implements testbank.Bank.
func (b *Bank) Forgive(ctx context.Context, id ident.Configuration, login string) error {
	if login == "." || login == ".." { // a path would take them for steps
		return testbank.ErrPersona
	}
	return b.tell(ctx, id, "personas/"+url.PathEscape(login)+"/forgive", nil)
}

// SetDown implements testbank.Bank.
func (b *Bank) SetDown(ctx context.Context, id ident.Configuration, down bool) error {
	return b.tell(ctx, id, "outage", fmt.Appendf(nil, `{"down":%t}`, down))
}

// tell speaks to one of the banks behind the address.
func (b *Bank) tell(ctx context.Context, id ident.Configuration, route string, body []byte) error {
	path := "/api/admin/" + route
	if id != "" {
		path = "/b/" + url.PathEscape(string(id)) + path
	}
	said, err := b.call(ctx, http.MethodPost, path, body)
	switch {
	case err != nil:
		return err
	case said.status == http.StatusNotFound, said.status >= http.StatusMultipleChoices && said.status < http.StatusBadRequest:
		return testbank.ErrPersona
	}
	return said.read(nil)
}

// codeOf is the bank's own word for a refusal.
func (a answer) refusal() (said struct {
	Code     string
	Mistakes []struct {
		Line, Column int
		Reason       string
	}
}) {
	_ = json.Unmarshal(a.body, &said) // what is no refusal has no code
	return said
}

// refusals of an upload, by the bank's own word.
var refusals = map[string]*fault.Error{
	"configuration_too_large": testbank.ErrTooLarge, "too_many_configurations": testbank.ErrFull,
}
