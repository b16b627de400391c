package oauth

import (
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/client"
)

// clientOnly are the scopes that no user token has: they act on a client's
// users and webhooks as a whole.
func clientOnly() []client.Scope {
	return []client.Scope{client.UsersCreate, client.UsersManage, client.WebhooksManage}
}

// UserScopes lists what a user token may be given, as far as its client has it.
func UserScopes() []client.Scope {
	return slices.DeleteFunc(client.Scopes(), func(s client.Scope) bool { return slices.Contains(clientOnly(), s) })
}

// grantable is what a client may have of a list of scopes, in a token for
// itself or for a user.
func grantable(c client.Client, forUser bool, scopes []client.Scope) []client.Scope {
	var granted []client.Scope
	for _, scope := range scopes {
		if c.Allows(scope) && (!forUser || !slices.Contains(clientOnly(), scope)) {
			granted = append(granted, scope)
		}
	}
	return granted
}

func texts(scopes []client.Scope) []string {
	out := make([]string, len(scopes))
	for i, scope := range scopes {
		out[i] = string(scope)
	}
	return out
}

func scopes(texts []string) []client.Scope {
	out := make([]client.Scope, len(texts))
	for i, text := range texts {
		out[i] = client.Scope(text)
	}
	return out
}

// joined is how scopes are told (RFC 6749, section 3.3).
func joined(scopes []client.Scope) string { return strings.Join(texts(scopes), " ") }
