package oauth

import (
	"context"
	"slices"
	"time"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
)

type (
	// check refuses a request, or leaves in it for whom it is and what for.
	check func(context.Context, fosite.AccessRequester) error
	// whom finds the user that a grant is for; a client's own has none.
	whom func(context.Context, fosite.AccessRequester) (ident.User, error)
	// issue gives the tokens that a checked request is for.
	issue func(context.Context, fosite.AccessRequester) (issued, error)
)

// issued is what an answer carries; a client's own token has no refresh token.
type issued struct {
	access, refresh secret.String
	life            time.Duration
	scopes          []client.Scope
}

// grant is one grant type at the token endpoint, in the library's terms.
type grant struct {
	name  string
	check check
	issue issue
}

var _ fosite.TokenEndpointHandler = (*grant)(nil)

// CanSkipClientAuth reports false: every client is confidential.
func (*grant) CanSkipClientAuth(context.Context, fosite.AccessRequester) bool { return false }

// CanHandleTokenEndpointRequest reports whether a request is for this grant.
func (g *grant) CanHandleTokenEndpointRequest(_ context.Context, request fosite.AccessRequester) bool {
	return request.GetGrantTypes().ExactOne(g.name)
}

// HandleTokenEndpointRequest checks a request. A client that may not use the
// grant learns nothing else, and costs nothing.
func (g *grant) HandleTokenEndpointRequest(ctx context.Context, request fosite.AccessRequester) error {
	if !request.GetClient().GetGrantTypes().Has(g.name) {
		return fosite.ErrUnauthorizedClient
	}
	return g.check(ctx, request)
}

// PopulateTokenEndpointResponse issues the tokens.
func (g *grant) PopulateTokenEndpointResponse(ctx context.Context, request fosite.AccessRequester, response fosite.AccessResponder) error {
	if !g.CanHandleTokenEndpointRequest(ctx, request) {
		return fosite.ErrUnknownRequest
	}
	out, err := g.issue(ctx, request)
	if err != nil {
		return err
	}
	response.SetAccessToken(out.access.Reveal())
	response.SetTokenType("bearer")
	response.SetScopes(texts(out.scopes))
	response.SetExpiresIn(out.life)
	if !out.refresh.Empty() {
		response.SetExtra("refresh_token", out.refresh.Reveal())
	}
	if g.name == exchangeGrant {
		response.SetExtra("issued_token_type", typeAccessToken)
	}
	return nil
}

// granted checks scopes, then the subject. Whoever asks for no scope gets all
// that the client may have for this grant (RFC 6749, section 3.3).
func granted(find whom) check {
	return func(ctx context.Context, request fosite.AccessRequester) error {
		allowed := request.GetClient().GetScopes()
		if len(request.GetRequestedScopes()) == 0 {
			request.SetRequestedScopes(allowed)
		}
		if !among(allowed, request.GetRequestedScopes()) {
			return fosite.ErrInvalidScope
		}
		user, err := find(ctx, request)
		if err != nil {
			return err
		}
		session, ok := request.GetSession().(*fosite.DefaultSession)
		if !ok {
			return errNoRequest
		}
		session.SetSubject(string(user))
		for _, scope := range request.GetRequestedScopes() {
			request.GrantScope(scope)
		}
		return nil
	}
}

// among reports whether something was asked for and all of it is allowed. The
// library's own comparison takes letters of either case for the same.
func among(allowed, asked []string) bool {
	return len(asked) > 0 && !slices.ContainsFunc(asked, func(scope string) bool { return !slices.Contains(allowed, scope) })
}

// own is a client asking for itself.
func (*Server) own(ctx context.Context, request fosite.AccessRequester) (ident.User, error) {
	return "", plain(ctx, request)
}

// plain refuses the audience, which is a parameter of token exchange.
func plain(_ context.Context, request fosite.AccessRequester) error {
	if len(request.GetRequestedAudience()) > 0 {
		return fosite.ErrInvalidRequest
	}
	return nil
}
