package oauth

import "github.com/ory/fosite"

// compose puts the library together from what is used of it: it reads requests
// and writes answers. Its own grants keep tokens one write at a time and know no
// grace for lost answers, so grants and tokens are ours.
func (s *Server) compose() *fosite.Fosite {
	return &fosite.Fosite{Config: &fosite.Config{
		ClientAuthenticationStrategy: s.authenticateClient,
		TokenEndpointHandlers: fosite.TokenEndpointHandlers{
			&grant{clientCredentials, granted(s.own), s.begin},
			&grant{passwordGrant, granted(s.password), s.begin},
			&grant{exchangeGrant, granted(s.exchange), s.begin},
			&grant{refreshGrant, plain, s.refresh},
		},
	}}
}
