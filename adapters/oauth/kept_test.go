package oauth

import (
	"testing"
	"time"

	"github.com/ory/fosite"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/passwords/passwordstest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

// family is a grant of a user with an access and a refresh token.
func family(t *testing.T) (*kept, *fosite.Request) {
	t.Helper()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	s := New(Config{
		Store: storetest.NewFake(storetest.Options{}), Hasher: passwordstest.NewFake(),
		Now: func() time.Time { return now },
	})
	c, err := client.New(ident.New[ident.Client](ident.Real()), "An application", digest("secret"), now)
	require.NoError(t, err)
	u := user.New(ident.New[ident.User](ident.Real()), c.ID, user.Identity{Email: "ana@example.org"}, "", nil, now)
	require.NoError(t, s.store.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		if err := tx.Clients().Put(t.Context(), c); err != nil {
			return err
		}
		return tx.Users().Put(t.Context(), u)
	}))

	session := new(fosite.DefaultSession)
	session.SetSubject(string(u.ID))
	session.SetExpiresAt(fosite.AccessToken, now.Add(time.Hour))
	session.SetExpiresAt(fosite.RefreshToken, now.Add(24*time.Hour))
	request := fosite.NewRequest()
	request.ID, request.RequestedAt, request.Session = "trf_1", now, session
	request.Client = forLibrary(c, passwordGrant)
	request.RequestedScope, request.GrantedScope = []string{"profile"}, []string{"profile"}
	k := &kept{s}
	require.NoError(t, k.CreateAccessTokenSession(t.Context(), "access", request))
	require.NoError(t, k.CreateRefreshTokenSession(t.Context(), "refresh", "access", request))
	return k, request
}

func TestKept_gives_back_the_grant(t *testing.T) {
	t.Parallel()
	k, request := family(t)
	access, err := k.GetAccessTokenSession(t.Context(), "access", new(fosite.DefaultSession))
	require.NoError(t, err)
	refresh, err := k.GetRefreshTokenSession(t.Context(), "refresh", new(fosite.DefaultSession))
	require.NoError(t, err)
	for _, got := range []fosite.Requester{access, refresh} {
		require.Equal(t, request.GetID(), got.GetID())
		require.Equal(t, request.GetClient(), got.GetClient())
		require.Equal(t, request.GetRequestedAt(), got.GetRequestedAt())
		require.Equal(t, request.GetGrantedScopes(), got.GetGrantedScopes())
		require.Equal(t, request.GetRequestedScopes(), got.GetRequestedScopes())
		require.Equal(t, request.GetSession().GetSubject(), got.GetSession().GetSubject())
	}
	require.Equal(t, request.Session.GetExpiresAt(fosite.AccessToken), access.GetSession().GetExpiresAt(fosite.AccessToken))
	require.Equal(t, request.Session.GetExpiresAt(fosite.RefreshToken), refresh.GetSession().GetExpiresAt(fosite.RefreshToken))
}

func TestKept_finds_no_other_kind_and_no_other_hash(t *testing.T) {
	t.Parallel()
	k, _ := family(t)
	_, err := k.GetAccessTokenSession(t.Context(), "refresh", new(fosite.DefaultSession))
	require.ErrorIs(t, err, fosite.ErrNotFound)
	_, err = k.GetRefreshTokenSession(t.Context(), "access", new(fosite.DefaultSession))
	require.ErrorIs(t, err, fosite.ErrNotFound)
	_, err = k.GetRefreshTokenSession(t.Context(), "other", new(fosite.DefaultSession))
	require.ErrorIs(t, err, fosite.ErrNotFound)
}

// TestKept_rotation_tells_reuse: the library revokes the family when it is told
// of a used refresh token together with its grant.
func TestKept_rotation_tells_reuse(t *testing.T) {
	t.Parallel()
	k, request := family(t)
	require.NoError(t, k.RotateRefreshToken(t.Context(), request.GetID(), "refresh"))
	for _, get := range []func() (fosite.Requester, error){
		func() (fosite.Requester, error) {
			return k.GetRefreshTokenSession(t.Context(), "refresh", new(fosite.DefaultSession))
		},
		func() (fosite.Requester, error) {
			return k.GetAccessTokenSession(t.Context(), "access", new(fosite.DefaultSession))
		},
	} {
		got, err := get()
		require.ErrorIs(t, err, fosite.ErrInactiveToken)
		require.Equal(t, "trf_1", got.GetID())
	}
	require.NoError(t, k.CreateRefreshTokenSession(t.Context(), "next", "", request))
	_, err := k.GetRefreshTokenSession(t.Context(), "next", new(fosite.DefaultSession))
	require.NoError(t, err, "what is kept after the rotation lives")
}

func TestKept_deletes_one_token_alone(t *testing.T) {
	t.Parallel()
	k, _ := family(t)
	require.NoError(t, k.DeleteAccessTokenSession(t.Context(), "access"))
	_, err := k.GetAccessTokenSession(t.Context(), "access", new(fosite.DefaultSession))
	require.ErrorIs(t, err, fosite.ErrInactiveToken)
	_, err = k.GetRefreshTokenSession(t.Context(), "refresh", new(fosite.DefaultSession))
	require.NoError(t, err)
	require.NoError(t, k.DeleteRefreshTokenSession(t.Context(), "refresh"))
	_, err = k.GetRefreshTokenSession(t.Context(), "refresh", new(fosite.DefaultSession))
	require.ErrorIs(t, err, fosite.ErrInactiveToken)
}

func TestOpaque_validates_form_and_time(t *testing.T) {
	t.Parallel()
	k, request := family(t)
	o := &opaque{k.Server}
	token, signature, err := o.GenerateAccessToken(t.Context(), request)
	require.NoError(t, err)
	require.Equal(t, signature, o.AccessTokenSignature(t.Context(), token))
	require.NoError(t, o.ValidateAccessToken(t.Context(), request, token))
	require.ErrorIs(t, o.ValidateAccessToken(t.Context(), request, token+"x"), fosite.ErrInvalidTokenFormat)
	request.Session.SetExpiresAt(fosite.AccessToken, k.now())
	require.ErrorIs(t, o.ValidateAccessToken(t.Context(), request, token), fosite.ErrTokenExpired)
}
