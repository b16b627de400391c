package access_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func TestUser(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	gone := ident.New[ident.User](w.IDs)
	ids := map[string]string{
		"empty": "", "me": "me", "Ana's": string(w.Ana.ID), "Ben's": string(w.Ben.ID), "Cleo's": string(w.Cleo.ID), "nobody's": string(gone),
		"malformed": "usr_1", "upper case": "USR_" + string(w.Ana.ID)[4:], "of another kind": "con_" + string(w.Ana.ID)[4:],
		"with a blank": string(w.Ana.ID) + " ", "with a wild card": "usr_%", "Me": "Me",
	}
	// Who finds whom; what is not here is not found, in the words for what does
	// not exist.
	found := map[string]map[string]*user.User{
		"Acme":  {"Ana's": w.Ana, "Ben's": w.Ben},
		"Other": {"Cleo's": w.Cleo},
		"Ana":   {"empty": w.Ana, "me": w.Ana, "Ana's": w.Ana},
		"Ben":   {"empty": w.Ben, "me": w.Ben, "Ben's": w.Ben},
		"Cleo":  {"empty": w.Cleo, "me": w.Cleo, "Cleo's": w.Cleo},
	}
	for who, principal := range w.Principals() {
		for what, id := range ids {
			t.Run(who+" asks for the id "+what, func(t *testing.T) {
				t.Parallel()
				var got *user.User
				err := w.Store.View(t.Context(), func(tx store.Tx) (err error) {
					got, err = access.User(t.Context(), tx, principal, id)
					return err
				})
				want := found[who][what]
				switch {
				case want != nil:
					require.NoError(t, err)
					require.Equal(t, want.ID, got.ID)
				case what == "empty":
					require.ErrorIs(t, err, access.ErrUserNeeded)
				default:
					require.Equal(t, user.ErrNotFound, err, "not a word more than for what does not exist")
					require.Nil(t, got)
				}
			})
		}
	}
}

func TestUser_erased_has_no_token(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	token := w.For(w.Ana)
	w.Update(func(ctx context.Context, tx store.Tx) error { return tx.Users().Delete(ctx, w.Ana) })
	for _, id := range []string{"", "me", string(w.Ana.ID)} {
		err := w.Store.View(t.Context(), func(tx store.Tx) error {
			_, err := access.User(t.Context(), tx, token, id)
			return err
		})
		require.Equal(t, user.ErrNotFound, err)
	}
}

func TestClientOnly(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	require.NoError(t, access.ClientOnly(w.As(w.Acme)))
	require.ErrorIs(t, access.ClientOnly(w.For(w.Ana)), access.ErrClientOnly)
}

func TestDirect(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		rights []client.Right
		want   error
	}{
		"none":         {nil, access.ErrWidgetRequired},
		"another":      {[]client.Right{client.PasswordGrant, ""}, access.ErrWidgetRequired},
		"among others": {[]client.Right{client.PasswordGrant, client.DirectCredentials}, nil},
	} {
		require.Equal(t, c.want == nil, access.Direct(usecase.Principal{Rights: c.rights}) == nil, name)
	}
	require.Equal(t, fault.Forbidden, access.ErrWidgetRequired.Kind)
	require.Equal(t, "widget_required", access.ErrWidgetRequired.Code)
}
