package openbanking

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/oidc"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/psd2/token"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Dialect speaks with one bank. New makes it.
type Dialect struct {
	Bank     catalogue.Bank
	Identity operator.Identity
	Line     *bankhttp.Line
	Now      func() time.Time
	Random   io.Reader

	server *oidc.Server
	signer *oidc.Signer
}

// New makes a dialect ready: what is said to the authorisation server is signed.
func New(d Dialect) (*Dialect, error) {
	signer, err := oidc.NewSigner(d.Identity.ClientID, d.Identity.Seal)
	if err != nil {
		return nil, fmt.Errorf("the bank %s: %w", d.Bank.ID, err)
	}
	d.signer = signer
	d.server = &oidc.Server{Issuer: d.Bank.OAuth.Issuer, Line: d.Line, Now: d.Now}
	return &d, nil
}

// call is one request of the standard.
type call struct {
	method string
	to     *url.URL
	bearer string
	body   any
	there
}

// there is who is with us; nobody on unattended calls.
type there struct {
	psu *sdk.PSU
	// since is when the user came to us.
	since time.Time
}

// path is an address of the standard.
func (d *Dialect) path(segments ...string) *url.URL {
	return d.Line.Path(append([]string{"open-banking", d.Bank.Addresses.VersionPath, "aisp"}, segments...)...)
}

// send makes a call and gives whatever the bank says when it says yes. The error says by which number the bank finds the
// call again; in it is a *refusal.No where the bank says no, a *sdk.Failure, or the context's own.
func (d *Dialect) send(ctx context.Context, ask call) (bankhttp.Answer, error) {
	id, err := uuid.NewRandomFromReader(d.Random)
	if err != nil {
		return bankhttp.Answer{}, sdk.Fail(sdk.Technical, err)
	}
	answer, err := d.Line.Send(ctx, bankhttp.Ask{Method: cmp.Or(ask.method, http.MethodGet), To: ask.to, Header: d.header(ask, id.String())}, ask.body)
	if err == nil && answer.Status >= 400 {
		err = d.refused(answer)
	}
	return answer, traced(err, played(answer, id.String()))
}

// read decodes an answer. One without content is an empty one: some banks send nothing where there is nothing.
func (d *Dialect) read(ctx context.Context, ask call, out any) error {
	answer, err := d.send(ctx, ask)
	if err != nil || answer.Empty() {
		return err
	}
	return traced(answer.Decode(out), played(answer, ""))
}

func (d *Dialect) header(ask call, id string) http.Header {
	header := http.Header{}
	header.Set("x-fapi-interaction-id", id)
	header.Set("Accept", "application/json")
	header.Set("Authorization", "Bearer "+ask.bearer)
	if ask.psu == nil {
		return header
	}
	header.Set("x-fapi-customer-ip-address", cmp.Or(ask.psu.IP, d.Identity.Address, "0.0.0.0"))
	if !ask.since.IsZero() {
		header.Set("x-fapi-auth-date", ask.since.UTC().Format(http.TimeFormat))
	}
	if ask.psu.UserAgent != "" {
		header.Set("x-customer-user-agent", ask.psu.UserAgent)
	}
	return header
}

// tokens is the bank's token server.
func (d *Dialect) tokens(ctx context.Context) (token.Server, oidc.Description, error) {
	said, err := d.server.Describe(ctx)
	if err != nil {
		return token.Server{}, said, err
	}
	server := token.Server{
		Authorization: said.Authorization, Token: said.TokenAddress(), ClientID: d.Identity.ClientID, ClientSecret: d.Identity.ClientSecret,
		ResponseType: d.Bank.OAuth.Response, Client: d.Line.Client(), Now: d.Now,
	}
	if d.Bank.OAuth.Proof == catalogue.SignedProof {
		server.Statement = func() (string, error) {
			id, err := uuid.NewRandomFromReader(d.Random)
			if err != nil {
				return "", err
			}
			return d.signer.Statement(said.Token, id.String(), d.Now())
		}
	}
	return server, said, nil
}

// ourselves gives a token for what we and the bank have to say to each other without the user.
func (d *Dialect) ourselves(ctx context.Context) (string, error) {
	server, _, err := d.tokens(ctx)
	if err != nil {
		return "", err
	}
	got, err := server.Ourselves(ctx, "accounts")
	return got.Access, err
}

// judged makes a failure of a refusal; nothing of it can be renewed by Refresh.
func judged(err error) error { return refusal.Judge(err, false) }
