package store

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/delivery"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
)

// Clients are the tenants.
type Clients interface {
	// Get fails with a NotFound fault.
	Get(ctx context.Context, id ident.Client) (client.Client, error)
	Put(ctx context.Context, c client.Client) error
	List(ctx context.Context, page Page) (Slice[client.Client], error)
}

// Users are the resource owners. Get and the finders fail with
// user.ErrNotFound; Put fails with user.ErrTaken when the e-mail key or the
// external id belongs to another user of the same client, and appends the
// events recorded on the aggregate.
type Users interface {
	Get(ctx context.Context, owner Owner, id ident.User) (*user.User, error)
	ByEmail(ctx context.Context, client ident.Client, emailKey string) (*user.User, error)
	ByExternalID(ctx context.Context, client ident.Client, externalID string) (*user.User, error)
	Put(ctx context.Context, u *user.User) error
	// Delete erases the user and everything that belongs to it: connections,
	// challenges, runs, accounts, transactions, rules and tokens. Events recorded on
	// the aggregate are appended; older ones stay, they hold no personal data.
	Delete(ctx context.Context, u *user.User) error
	// List is in the order of creation.
	List(ctx context.Context, client ident.Client, filter UserFilter, page Page) (Slice[*user.User], error)
}

// UserFilter restricts a list of users.
type UserFilter struct {
	Email      string
	ExternalID string
}

// Queues are places in the event log.
type Queues interface {
	Get(ctx context.Context, owner Owner, id ident.Queue) (*delivery.Queue, error)
	Put(ctx context.Context, q *delivery.Queue) error
	Delete(ctx context.Context, owner Owner, id ident.Queue) error
	List(ctx context.Context, owner Owner, page Page) (Slice[*delivery.Queue], error)
	// Lag is how far the queues of all clients are behind, for who watches over
	// the server. It costs a look at each queue, whatever the length of the log.
	Lag(ctx context.Context) (Lag, error)
}

// Lag is the distance between what queues have acknowledged and the newest
// event of their client. What a queue's filter leaves out counts as well.
type Lag struct {
	// All is the sum over the queues, Longest that of the queue which is furthest
	// behind.
	All, Longest int64
}

// Tokens are access tokens and what will renew them, by hash. The store never
// sees a token.
type Tokens interface {
	// Put inserts or replaces any number of tokens, no two of one hash.
	Put(ctx context.Context, tokens ...Token) error
	// Get fails with a NotFound fault. Inside Update, it locks the row: two that
	// decide by what they read come one after the other.
	Get(ctx context.Context, hash string) (Token, error)
	// Revoke marks a token; one that is not there is no error.
	Revoke(ctx context.Context, hash string) error
	// RevokeFamily revokes every token that came from one grant; tokens with no
	// family are none.
	RevokeFamily(ctx context.Context, family string) error
	// Sweep deletes tokens that ended before a time; those without an end stay.
	Sweep(ctx context.Context, before time.Time) error
}

// Token is what is known of one.
type Token struct {
	Hash   string
	Kind   string
	Family string
	Owner  Owner
	Scopes []client.Scope
	// Data is the authorization server's own record; no secret.
	Data      []byte
	ExpiresAt time.Time
	Revoked   bool
	CreatedAt time.Time
}

// Token kinds.
const (
	AccessToken  = "access"
	RefreshToken = "refresh"
	// Grant is no token but what all tokens of a family come from; its hash is the
	// family's name.
	Grant = "grant"
)
