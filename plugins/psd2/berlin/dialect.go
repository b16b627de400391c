package berlin

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Dialect speaks with one bank.
type Dialect struct {
	Bank     catalogue.Bank
	Identity operator.Identity
	Line     *bankhttp.Line
	Now      func() time.Time
	Random   io.Reader
}

// call is one request of the standard.
type call struct {
	method string
	to     *url.URL
	// psu is who is there; nil on unattended calls.
	psu     *sdk.PSU
	consent string
	bearer  string
	header  map[string]string
	body    any
	accept  string
}

const jsonType = "application/json"

// do makes a call and decodes the answer into out, unless that is nil or there is no answer. The error is a *refused
// where the bank says no, a *sdk.Failure, or the context's own.
func (d *Dialect) do(ctx context.Context, ask call, out any) error {
	answer, err := d.send(ctx, ask)
	if err != nil || out == nil {
		return err
	}
	return answer.Decode(out)
}

// send makes a call and gives whatever the bank says when it says yes.
func (d *Dialect) send(ctx context.Context, ask call) (bankhttp.Answer, error) {
	answer, err := d.attempt(ctx, ask)
	if err == nil && answer.Status == http.StatusUnauthorized && d.Bank.Has(firstCallRegisters) {
		answer, err = d.attempt(ctx, ask)
	}
	switch {
	case err != nil:
		return answer, err
	case answer.Status >= 400:
		return answer, d.no(answer)
	}
	return answer, nil
}

func (d *Dialect) attempt(ctx context.Context, ask call) (bankhttp.Answer, error) {
	header, err := d.header(ask)
	if err != nil {
		return bankhttp.Answer{}, sdk.Fail(sdk.Technical, err)
	}
	return d.Line.Send(ctx, bankhttp.Ask{Method: ask.method, To: ask.to, Header: header}, ask.body)
}

func (d *Dialect) header(ask call) (http.Header, error) {
	id, err := uuid.NewRandomFromReader(d.Random)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	header.Set("X-Request-ID", id.String())
	header.Set("Accept", cmp.Or(ask.accept, jsonType))
	if ask.psu != nil {
		header.Set("PSU-IP-Address", cmp.Or(ask.psu.IP, d.Identity.Address, "0.0.0.0"))
		if ask.psu.UserAgent != "" {
			header.Set("PSU-User-Agent", ask.psu.UserAgent)
		}
	}
	if ask.consent != "" {
		header.Set("Consent-ID", ask.consent)
	}
	if ask.bearer != "" {
		header.Set("Authorization", "Bearer "+ask.bearer)
	}
	for name, value := range ask.header {
		if value != "" {
			header.Set(name, value)
		}
	}
	return header, nil
}
