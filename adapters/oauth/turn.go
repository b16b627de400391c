package oauth

import (
	"context"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// turn is one use of a refresh token, inside a transaction that holds its grant.
type turn struct {
	*Server
	tx store.Tx
	// client is who presents the token.
	client  ident.Client
	grant   store.Token
	lineage lineage
	token   store.Token
	link    link
	now     time.Time
}

// Reasons why a family was revoked, as its event tells them.
const (
	reasonReused   = "refresh_token_reused"
	reasonStranger = "refresh_token_of_another_client"
)

// turn reads the grant, which locks it, then the token; a NotFound fault says
// that either is gone or revoked.
func (s *Server) turn(ctx context.Context, tx store.Tx, family, hash string) (t *turn, err error) {
	t = &turn{Server: s, tx: tx, now: s.now().UTC()}
	if t.grant, err = tx.Tokens().Get(ctx, family); err != nil {
		return nil, err
	}
	if t.token, err = tx.Tokens().Get(ctx, hash); err != nil {
		return nil, err
	}
	if t.grant.Revoked || t.token.Revoked {
		return nil, errEnded
	}
	if t.lineage, err = recorded[lineage](t.grant); err != nil {
		return nil, err
	}
	t.link, err = recorded[link](t.token)
	return t, err
}

var errEnded = fault.New(fault.NotFound, "grant_ended", "There is no such grant.")

// reused says why the token betrays a theft, or nothing.
func (t *turn) reused() string {
	switch {
	case t.client != t.grant.Owner.Client:
		return reasonStranger
	case judge(t.lineage, t.link, t.now, t.grace) == reuse:
		return reasonReused
	}
	return ""
}

// end revokes the family and says so to its client, who alone can tell the user.
func (t *turn) end(ctx context.Context, reason string) error {
	if err := t.tx.Tokens().RevokeFamily(ctx, t.grant.Family); err != nil {
		return err
	}
	return t.tx.Events().Append(ctx, t.grant.Owner.Client, event.Draft{
		Name: event.UserTokensRevoked, Version: 1, UserID: t.grant.Owner.User, Data: event.Data{"reason": reason},
	})
}

// renew puts new tokens in the place of those that lived. A right that the
// client has lost ends what came by it.
func (t *turn) renew(ctx context.Context, asked []client.Scope, out issued) ([]client.Scope, error) {
	c, err := bearer(ctx, t.tx, t.grant.Owner)
	if err != nil {
		return nil, err
	}
	if !t.now.Before(t.token.ExpiresAt) || !entitled(c, t.lineage.GrantType) {
		return nil, errEnded
	}
	if out.scopes, err = narrowed(c, t.grant.Scopes, asked); err != nil {
		return nil, err
	}
	if err := t.supersede(ctx); err != nil {
		return nil, err
	}
	return out.scopes, t.replace(ctx, out)
}

// supersede ends the head: the presented token, or the one that another request
// got in the presented one's place.
func (t *turn) supersede(ctx context.Context) (err error) {
	head, place := t.token, t.link
	if judge(t.lineage, t.link, t.now, t.grace) == rotate {
		t.lineage.Generation = t.link.Generation + 1
	} else {
		if head, err = t.tx.Tokens().Get(ctx, t.lineage.Head); err != nil {
			return err
		}
		if place, err = recorded[link](head); err != nil {
			return err
		}
	}
	place.SupersededAt = t.now.UnixMicro()
	head.Data = record(place)
	return t.tx.Tokens().Put(ctx, head)
}

// replace keeps the new head with the scopes of the grant, whatever this access
// token was narrowed to (RFC 6749, section 6).
func (t *turn) replace(ctx context.Context, out issued) error {
	head := t.grant
	head.Hash, head.Kind, head.CreatedAt = digest(out.refresh.Reveal()), store.RefreshToken, t.now
	head.Data = record(link{Generation: t.lineage.Generation})
	head.ExpiresAt = earlier(t.now.Add(t.refreshLife), t.grant.CreatedAt.Add(t.familyLife))
	t.lineage.Head = head.Hash
	t.grant.Data = record(t.lineage)
	if t.grant.ExpiresAt.Before(head.ExpiresAt) {
		t.grant.ExpiresAt = head.ExpiresAt
	}
	return t.tx.Tokens().Put(ctx, t.grant, head, t.accessToken(t.grant.Family, t.grant.Owner, out))
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
