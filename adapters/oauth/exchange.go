package oauth

import (
	"context"
	"net/http"
	"net/url"

	"github.com/ory/fosite"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// Token types of token exchange (RFC 8693, section 3). The subject of an exchange is no
// token but the name of a user: what proves the client's claim to it is the
// client's own secret, and that the user is the client's.
const (
	typeAccessToken = "urn:ietf:params:oauth:token-type:access_token"
	// TypeUserID says that a subject token is the id of a user.
	TypeUserID = "urn:tributary:params:oauth:token-type:user-id"
	// TypeExternalID says that it is the client's own id of a user.
	TypeExternalID = "urn:tributary:params:oauth:token-type:external-id"
)

var (
	errSubject   = malformed("The subject token is not one of this client's users.")
	errNoSubject = malformed("Token exchange needs subject_token and subject_token_type.")
	errSubjectAs = malformed("This subject_token_type is not offered.")
	errActor     = malformed("Acting tokens are not offered.")
	errIssuedAs  = malformed("This requested_token_type is not offered.")
	errTarget    = &refusal{status: http.StatusBadRequest, code: "invalid_target", description: "Tokens are for this server alone: neither resource nor audience can be chosen."}
)

// exchange finds the user of a token exchange (RFC 8693, section 2.1): a client
// gets a token for one of its users, without a password.
func (s *Server) exchange(ctx context.Context, request fosite.AccessRequester) (ident.User, error) {
	form := request.GetRequestForm()
	if err := exchangeable(form); err != nil {
		return "", err
	}
	u, err := s.subject(ctx, ident.Client(request.GetClient().GetID()), form.Get("subject_token_type"), form.Get("subject_token"))
	if err != nil {
		return "", err
	}
	return u.ID, nil
}

// exchangeable refuses what is not offered of the many things one may ask for.
func exchangeable(form url.Values) error {
	switch {
	case form.Get("subject_token") == "" || form.Get("subject_token_type") == "":
		return errNoSubject
	case form.Has("actor_token") || form.Has("actor_token_type"):
		return errActor
	case form.Has("requested_token_type") && form.Get("requested_token_type") != typeAccessToken:
		return errIssuedAs
	case form.Has("resource") || form.Has("audience"):
		return errTarget
	}
	return nil
}

// subject finds the user a client names; another client's user is none.
func (s *Server) subject(ctx context.Context, client ident.Client, kind, name string) (u *user.User, err error) {
	err = s.store.View(ctx, func(tx store.Tx) error {
		switch kind {
		case TypeUserID:
			id, err := ident.Parse[ident.User](name)
			if err != nil {
				return err
			}
			u, err = tx.Users().Get(ctx, store.Owner{Client: client}, id)
			return err
		case TypeExternalID:
			u, err = tx.Users().ByExternalID(ctx, client, name)
			return err
		}
		return errSubjectAs
	})
	if fault.IsNotFound(err) {
		return nil, errSubject
	}
	return u, err
}
