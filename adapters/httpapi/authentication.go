package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// Errors of authentication.
var (
	errNoToken    = fault.New(fault.Unauthenticated, "token_required", "This call needs an access token: Authorization: Bearer …")
	errToken      = fault.New(fault.Unauthenticated, "invalid_token", "The access token is unknown, was revoked or has expired.")
	errScope      = fault.New(fault.Forbidden, "insufficient_scope", "The token does not have the scope that this call needs.")
	errClientOnly = fault.New(fault.Forbidden, "client_token_required", "This call needs a token of the client, not of a user.")
)

type principalKey struct{}

func principalOf(ctx context.Context) usecase.Principal {
	p, _ := ctx.Value(principalKey{}).(usecase.Principal)
	return p
}

// authenticate comes before any look at the parameters: a stranger learns
// nothing about them.
func (s *server) authenticate(w who) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, out := humago.Unwrap(ctx)
		p, err := s.principal(r)
		if err != nil {
			s.refuse(ctx.Context(), err).send(out)
			return
		}
		if err := s.meter.take(p.Client, s.IDs.Now()); err != nil {
			s.refuse(ctx.Context(), err).send(out)
			return
		}
		if err := w.allow(p); err != nil {
			refused := s.refuse(ctx.Context(), err)
			refused.headers.Set("WWW-Authenticate", w.challenge(p))
			refused.send(out)
			return
		}
		next(huma.WithValue(ctx, principalKey{}, p))
	}
}

func (s *server) principal(r *http.Request) (usecase.Principal, error) {
	token, err := bearer(r.Header)
	if err != nil {
		return usecase.Principal{}, err
	}
	ctx, end := within(r.Context(), knowing)
	defer end()
	p, err := s.Authenticator.Authenticate(ctx, token)
	if err != nil {
		return usecase.Principal{}, late(ctx, err)
	}
	c := callOf(r.Context())
	c.client, c.user = p.Client, p.User
	p.Locale = c.locale
	return p, nil
}

const maxToken = 1024

// tokenForm is b64token of RFC 6750.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9._~+/-]+=*$`)

func bearer(h http.Header) (secret.String, error) {
	values := h.Values("Authorization")
	if len(values) == 0 {
		return secret.String{}, errNoToken
	}
	kind, token, _ := strings.Cut(values[0], " ")
	if len(values) > 1 || !strings.EqualFold(kind, "Bearer") || len(token) > maxToken || !tokenForm.MatchString(token) {
		return secret.String{}, errToken
	}
	return secret.New(token), nil
}

func (w who) allow(p usecase.Principal) error {
	if p.User != "" && w.noUser {
		return errClientOnly
	}
	wanted := w.wanted(p)
	if len(wanted) == 0 {
		return nil
	}
	for _, scope := range wanted {
		if slices.Contains(p.Scopes, scope) {
			return nil
		}
	}
	return errScope
}

func (w who) wanted(p usecase.Principal) []client.Scope {
	if p.User != "" {
		return w.user
	}
	return w.client
}

// challenge tells what would do (RFC 6750, 3.1).
func (w who) challenge(p usecase.Principal) string {
	wanted := w.wanted(p)
	if len(wanted) == 0 {
		wanted = w.client
	}
	return fmt.Sprintf(`Bearer realm="tributary", error="insufficient_scope", scope=%q`, wanted[0])
}
