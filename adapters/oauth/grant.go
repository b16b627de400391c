package oauth

import (
	"context"

	"github.com/ory/fosite"
)

// grant adds to one of the library's grants what it leaves open: default
// scopes, and our clock and randomness in place of its own. (Its clock still
// stamps a request's RequestedAt, which nothing here reads.)
type grant struct {
	*Server
	fosite.TokenEndpointHandler
}

// HandleTokenEndpointRequest checks a request. Whoever asks for no scope gets
// all that the client may have for this grant (RFC 6749, section 3.3).
func (g *grant) HandleTokenEndpointRequest(ctx context.Context, request fosite.AccessRequester) error {
	request.SetID(random(g.rand, familyPrefix))
	if len(request.GetRequestedScopes()) == 0 {
		request.SetRequestedScopes(request.GetClient().GetScopes())
	}
	if err := g.TokenEndpointHandler.HandleTokenEndpointRequest(ctx, request); err != nil {
		return err
	}
	if len(request.GetRequestedScopes()) == 0 {
		return fosite.ErrInvalidScope
	}
	for _, scope := range request.GetRequestedScopes() {
		request.GrantScope(scope)
	}
	request.GetSession().SetExpiresAt(fosite.AccessToken, g.expiry())
	return nil
}

// PopulateTokenEndpointResponse issues the token.
func (g *grant) PopulateTokenEndpointResponse(ctx context.Context, request fosite.AccessRequester, response fosite.AccessResponder) error {
	if err := g.TokenEndpointHandler.PopulateTokenEndpointResponse(ctx, request, response); err != nil {
		return err
	}
	response.SetExpiresIn(g.life)
	return nil
}
