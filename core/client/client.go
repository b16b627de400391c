// Package client owns the third-party application: a tenant with scopes and
// rights. It knows nothing of tokens or of how a secret is hashed.
package client

import (
	"strings"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
)

// Scope is a permission of a token.
type Scope string

// Scopes.
const (
	UsersCreate        Scope = "users_create"
	UsersManage        Scope = "users_manage"
	Profile            Scope = "profile"
	ProfileEdit        Scope = "profile_edit"
	ConnectionsRead    Scope = "connections_read"
	ConnectionsManage  Scope = "connections_manage"
	ConnectionsSync    Scope = "connections_sync"
	AccountsRead       Scope = "accounts_read"
	AccountsManage     Scope = "accounts_manage"
	TransactionsRead   Scope = "transactions_read"
	TransactionsManage Scope = "transactions_manage"
	EventsRead         Scope = "events_read"
	WebhooksManage     Scope = "webhooks_manage"
	Widget             Scope = "widget"
)

// Scopes lists them all.
func Scopes() []Scope {
	return []Scope{
		UsersCreate, UsersManage, Profile, ProfileEdit, ConnectionsRead, ConnectionsManage, ConnectionsSync,
		AccountsRead, AccountsManage, TransactionsRead, TransactionsManage, EventsRead, WebhooksManage, Widget,
	}
}

// Right is what an operator grants a client beyond scopes.
type Right string

// Rights.
const (
	// DirectCredentials: may post bank credentials and answers over the API.
	// Without it they go through the widget (a client without a PSD2 agreement).
	DirectCredentials Right = "direct_credentials"
	// PasswordGrant: may use the password grant, which RFC 9700 advises against.
	PasswordGrant Right = "password_grant"
	// SandboxControl: may change what all clients of a sandbox share, its clock
	// above all. In production there is nothing that it would allow.
	SandboxControl Right = "sandbox_control"
)

// Client is an application.
type Client struct {
	ID   ident.Client
	Name string
	// SecretHash is the SHA-256 of the random secret, in hex.
	SecretHash string
	Scopes     []Scope
	Rights     []Right
	// RedirectURLs are matched exactly.
	RedirectURLs []string
	// Origins are those of its pages: the widget lets itself be framed by them, and
	// posts results to them, alone.
	Origins []string
	// AppLinks are addresses with a scheme of its app's own, by which a phone hands
	// the result to the app. Matched exactly, too.
	AppLinks  []string
	Disabled  bool
	CreatedAt time.Time
}

// ErrName says that a name is unusable.
var ErrName = fault.New(fault.Invalid, "invalid_client_name", "A client needs a name of 1 to 100 characters.")

// New makes a client with every scope and no right.
func New(id ident.Client, name, secretHash string, now time.Time) (Client, error) {
	name = strings.TrimSpace(name)
	if name == "" || len(name) > 100 {
		return Client{}, ErrName
	}
	return Client{ID: id, Name: name, SecretHash: secretHash, Scopes: Scopes(), CreatedAt: now}, nil
}

// Has reports whether the client holds a right.
func (c Client) Has(right Right) bool {
	for _, r := range c.Rights {
		if r == right {
			return true
		}
	}
	return false
}

// Allows reports whether the client may have a scope.
func (c Client) Allows(scope Scope) bool {
	for _, s := range c.Scopes {
		if s == scope {
			return true
		}
	}
	return false
}
