package oauth

import (
	"time"

	"github.com/ory/fosite"
	"github.com/ory/fosite/handler/oauth2"
)

// noScope is one that no client has: the library issues refresh tokens to those
// who are granted it.
const noScope = "no refresh token"

// compose puts the library together from the parts that are used. Its own
// composer links the same modules and brings grants that are not offered.
func (s *Server) compose() *fosite.Fosite {
	config := &fosite.Config{
		AccessTokenLifespan:          s.life,
		ScopeStrategy:                fosite.ExactScopeStrategy,
		ClientAuthenticationStrategy: s.authenticateClient,
		RefreshTokenScopes:           []string{noScope},
	}
	kept := &kept{s}
	issue := &oauth2.HandleHelper{AccessTokenStrategy: &opaque{s}, AccessTokenStorage: kept, Config: config}
	config.TokenEndpointHandlers = fosite.TokenEndpointHandlers{
		&grant{s, &oauth2.ClientCredentialsGrantHandler{HandleHelper: issue, Config: config}},
		&grant{s, &oauth2.ResourceOwnerPasswordCredentialsGrantHandler{
			HandleHelper: issue, ResourceOwnerPasswordCredentialsGrantStorage: kept, Config: config,
		}},
	}
	return &fosite.Fosite{Config: config}
}

func (s *Server) expiry() time.Time { return s.now().UTC().Add(s.life) }
