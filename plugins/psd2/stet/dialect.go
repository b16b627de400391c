package stet

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
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
	psu    *sdk.PSU
	bearer string
	body   any
}

// accepted are the standard's own type of content, and that of errors, which banks mix.
const accepted = "application/hal+json; charset=utf-8, application/json"

// path is an address of the standard.
func (d *Dialect) path(segments ...string) *url.URL {
	return d.Line.Path(append([]string{d.Bank.Addresses.VersionPath}, segments...)...)
}

// send makes a call and gives whatever the bank says when it says yes. The error is a *refusal.No where it says no, a
// *sdk.Failure, or the context's own.
func (d *Dialect) send(ctx context.Context, ask call) (bankhttp.Answer, error) {
	header, err := d.header(ask)
	if err != nil {
		return bankhttp.Answer{}, sdk.Fail(sdk.Technical, err)
	}
	answer, err := d.Line.Send(ctx, bankhttp.Ask{Method: cmp.Or(ask.method, http.MethodGet), To: ask.to, Header: header}, ask.body)
	if err == nil && answer.Status >= 400 {
		return answer, d.refused(answer)
	}
	return answer, err
}

// read decodes an answer. One without content is an empty one: the standard answers 204 where there is nothing.
func (d *Dialect) read(ctx context.Context, ask call, out any) error {
	answer, err := d.send(ctx, ask)
	if err != nil || answer.Empty() {
		return err
	}
	return answer.Decode(out)
}

func (d *Dialect) header(ask call) (http.Header, error) {
	id, err := uuid.NewRandomFromReader(d.Random)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	header.Set("X-Request-ID", id.String())
	header.Set("Accept", accepted)
	header.Set("Authorization", "Bearer "+ask.bearer)
	if ask.psu != nil {
		header.Set("PSU-IP-Address", cmp.Or(ask.psu.IP, d.Identity.Address, "0.0.0.0"))
		if ask.psu.UserAgent != "" {
			header.Set("PSU-User-Agent", ask.psu.UserAgent)
		}
	}
	return header, nil
}

// refused reads a no. The standard has no codes: the status is all there is, and the words by which some banks say that
// nothing is left for today.
func (d *Dialect) refused(answer bankhttp.Answer) *refusal.No {
	n := &refusal.No{Status: answer.Status, Means: refusal.OfStatus(answer.Status, true), RetryAt: refusal.RetryAt(answer.Header.Get("Retry-After"), d.Now())}
	var said struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(answer.Body, &said)
	if d.Bank.Quota.Says(said.Error, said.Message) {
		n.Means = refusal.Exhausted
	}
	return n
}
