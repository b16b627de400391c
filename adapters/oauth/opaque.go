package oauth

import (
	"context"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
)

// opaque makes tokens that mean nothing by themselves. The library's own HMAC
// tokens would add a key to keep and to rotate, and 256 random bits looked up by
// their hash need no signature.
type opaque struct{ *Server }

var _ oauth2.AccessTokenStrategy = (*opaque)(nil)

// AccessTokenSignature is under what a token is kept.
func (*opaque) AccessTokenSignature(_ context.Context, token string) string { return digest(token) }

// GenerateAccessToken makes a token.
func (o *opaque) GenerateAccessToken(context.Context, fosite.Requester) (token, signature string, err error) {
	token = random(o.rand, accessTokenPrefix)
	return token, digest(token), nil
}

// ValidateAccessToken checks what can be known of a token beside its record.
func (o *opaque) ValidateAccessToken(_ context.Context, request fosite.Requester, token string) error {
	if !wellFormed(token, accessTokenPrefix) {
		return fosite.ErrInvalidTokenFormat
	}
	if !o.now().Before(request.GetSession().GetExpiresAt(fosite.AccessToken)) {
		return fosite.ErrTokenExpired
	}
	return nil
}
