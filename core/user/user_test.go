package user_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
)

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	for password, ok := range map[string]bool{
		"abc123": true, "éééé1é": true, "a1 !?_": true, "correct horse 1": true,
		"": false, "abc12": false, "abcdef": false, "123456": false, "éé1": false,
		strings.Repeat("a1", 513): false,
	} {
		err := user.CheckPassword(secret.New(password))
		require.Equal(t, ok, err == nil, "%q", password)
		if err != nil {
			require.ErrorIs(t, err, user.ErrPassword)
		}
	}
}

func TestIdentity(t *testing.T) {
	t.Parallel()
	good := secret.New("abc123")
	for name, c := range map[string]struct {
		identity user.Identity
		want     error
	}{
		"e-mail and password": {user.Identity{Email: "ana@example.org", Password: good}, nil},
		"external id":         {user.Identity{ExternalID: "42"}, nil},
		"nothing":             {user.Identity{}, user.ErrIdentity},
		"both":                {user.Identity{Email: "ana@example.org", Password: good, ExternalID: "42"}, user.ErrIdentity},
		"password alone":      {user.Identity{Password: good}, user.ErrEmail},
		"e-mail alone":        {user.Identity{Email: "ana@example.org"}, user.ErrPassword},
		"display name":        {user.Identity{Email: "Ana <ana@example.org>", Password: good}, user.ErrEmail},
		"control characters":  {user.Identity{ExternalID: "a\nb"}, user.ErrExternalID},
		"much too long":       {user.Identity{ExternalID: strings.Repeat("x", 201)}, user.ErrExternalID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := c.identity.Check(); c.want == nil {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, c.want)
			}
		})
	}
}
