package oauth

import (
	"slices"

	"github.com/tributary-dev/tributary/core/client"
)

// Grant types served.
const (
	clientCredentials = "client_credentials"
	passwordGrant     = "password"
	refreshGrant      = "refresh_token"
	exchangeGrant     = "urn:ietf:params:oauth:grant-type:token-exchange"
)

func grantTypes() []string {
	return []string{clientCredentials, passwordGrant, refreshGrant, exchangeGrant}
}

// entitled reports whether a client may use a grant type. The password grant is
// a right of its own, since it teaches users to hand over their password (RFC
// 9700, section 2.4). Token exchange comes with the scope users_manage: whoever
// has that may act for each of its users anyway, and a user token is less.
func entitled(c client.Client, grantType string) bool {
	switch grantType {
	case passwordGrant:
		return c.Has(client.PasswordGrant)
	case exchangeGrant:
		return c.Allows(client.UsersManage)
	default:
		return slices.Contains(grantTypes(), grantType)
	}
}

// forUser reports whether a grant type gives tokens for a user.
func forUser(grantType string) bool { return grantType != clientCredentials }
