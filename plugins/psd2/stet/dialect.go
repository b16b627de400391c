package stet

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
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

// send makes a call and gives whatever the bank says when it says yes. The error is a *no where it says no, a
// *sdk.Failure, or the context's own.
func (d *Dialect) send(ctx context.Context, ask call) (bankhttp.Answer, error) {
	header, err := d.header(ask)
	if err != nil {
		return bankhttp.Answer{}, sdk.Fail(sdk.Technical, err)
	}
	var body []byte
	if ask.body != nil {
		if body, err = json.Marshal(ask.body); err != nil {
			return bankhttp.Answer{}, sdk.Fail(sdk.Technical, err)
		}
		header.Set("Content-Type", "application/json")
	}
	answer, err := d.Line.Do(ctx, bankhttp.Ask{Method: cmp.Or(ask.method, http.MethodGet), To: ask.to, Header: header, Body: body})
	switch {
	case err != nil:
		return answer, err
	case answer.Status >= 400:
		return answer, d.refused(answer)
	case answer.Status >= 300:
		return answer, sdk.Fail(sdk.BadData, errors.New("a redirect, which is not followed"))
	}
	return answer, nil
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

// no is the bank's refusal. The standard has no codes: the status is all that is kept of it, and the words by which some
// banks say that nothing is left for today.
type no struct {
	status  int
	means   refusal.Meaning
	retryAt time.Time
}

func (n *no) Error() string { return "the bank refused: " + strconv.Itoa(n.status) }

func (d *Dialect) refused(answer bankhttp.Answer) *no {
	n := &no{status: answer.Status, means: refusal.OfStatus(answer.Status, true), retryAt: refusal.RetryAt(answer.Header.Get("Retry-After"), d.Now())}
	var said struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(answer.Body, &said)
	if d.Bank.Quota.Says(said.Error, said.Message) {
		n.means = refusal.Exhausted
	}
	return n
}

// failed translates a refusal. renewable says that Refresh can renew the token that was shown.
func failed(err error, renewable bool) error {
	var n *no
	if !errors.As(err, &n) {
		return err
	}
	return refusal.Fail(n.means, renewable, n.retryAt, n)
}
