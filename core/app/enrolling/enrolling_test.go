package enrolling_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/enrolling"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/passwords/passwordstest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

const password = "canary-5eCret"

func service(w *usecasetest.World) (enrolling.Service, *passwordstest.Fake) {
	hasher := passwordstest.NewFake()
	return enrolling.Service{Store: w.Store, Hasher: hasher, Box: w.Box, Now: w.Now, IDs: w.IDs}, hasher
}

func withPassword(email, password string) user.Identity {
	return user.Identity{Email: email, Password: secret.New(password)}
}

// silent asks that an error tells nothing of a secret, not even to a log.
func silent(t *testing.T, err error) {
	t.Helper()
	for cause := err; cause != nil; cause = errors.Unwrap(cause) {
		require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", cause, cause, cause, cause), password)
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()

	t.Run("Keeps_a_user_with_a_key_and_a_hash_of_its_own", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, hasher := service(w)
		head := w.Head(w.Acme)
		made, err := s.Create(t.Context(), w.As(w.Acme), withPassword("Dora@Example.com", password))
		require.NoError(t, err)
		found, err := s.Get(t.Context(), w.As(w.Acme), string(made.ID))
		require.NoError(t, err)
		require.Equal(t, "Dora@Example.com", found.Email)
		require.Equal(t, w.Now(), found.CreatedAt)
		right, err := hasher.Verify(t.Context(), found.PasswordHash, secret.New(password))
		require.NoError(t, err)
		require.True(t, right)
		require.NotEqual(t, w.Ana.SealedKey, found.SealedKey)
		require.Equal(t, []event.Name{event.UserCreated}, w.Told(w.Acme, head))
		require.NotContains(t, usecasetest.Everything(w.Store), password)
	})

	t.Run("Takes_an_external_id_without_a_password", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, hasher := service(w)
		made, err := s.Create(t.Context(), w.As(w.Acme), user.Identity{ExternalID: "customer 7"})
		require.NoError(t, err)
		require.Empty(t, made.PasswordHash)
		require.Zero(t, hasher.Work())
		require.NotEmpty(t, made.SealedKey)
		_, err = s.Create(t.Context(), w.As(w.Other), user.Identity{ExternalID: "customer 7"})
		require.NoError(t, err, "another client has names of its own")
	})

	long := strings.Repeat("é", 101)
	for name, c := range map[string]struct {
		identity user.Identity
		want     error
	}{
		"Nothing":                     {user.Identity{}, user.ErrIdentity},
		"Both_kinds":                  {user.Identity{Email: "d@example.com", Password: secret.New(password), ExternalID: "7"}, user.ErrIdentity},
		"A_password_for_external_id":  {user.Identity{Password: secret.New(password), ExternalID: "7"}, user.ErrIdentity},
		"A_password_alone":            {user.Identity{Password: secret.New(password)}, user.ErrEmail},
		"An_address_alone":            {user.Identity{Email: "d@example.com"}, user.ErrPassword},
		"No_address":                  {withPassword("dora", password), user.ErrEmail},
		"A_name_with_the_address":     {withPassword("Dora <d@example.com>", password), user.ErrEmail},
		"A_line_break_in_the_address": {withPassword("d@example.com\r\nBcc: e@example.com", password), user.ErrEmail},
		"Five_characters":             {withPassword("d@example.com", "abc12"), user.ErrPassword},
		"No_digit":                    {withPassword("d@example.com", "abcdefgh"), user.ErrPassword},
		"No_letter":                   {withPassword("d@example.com", "12345678"), user.ErrPassword},
		"A_password_without_end":      {withPassword("d@example.com", password+strings.Repeat("a", 1024)), user.ErrPassword},
		"A_control_character":         {user.Identity{ExternalID: "a\x00b"}, user.ErrExternalID},
		"An_external_id_without_end":  {user.Identity{ExternalID: long + long}, user.ErrExternalID},
		"An_address_that_is_taken":    {withPassword("ANA@example.com", password), user.ErrTaken},
	} {
		t.Run(name+"_is_refused_and_writes_nothing", func(t *testing.T) {
			t.Parallel()
			w := usecasetest.New(t)
			s, _ := service(w)
			w.Unchanged(func() {
				made, err := s.Create(t.Context(), w.As(w.Acme), c.identity)
				require.ErrorIs(t, err, c.want)
				require.Nil(t, made)
				silent(t, err)
			})
		})
	}

	t.Run("An_external_id_that_is_taken_is_refused", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, _ := service(w)
		_, err := s.Create(t.Context(), w.As(w.Acme), user.Identity{ExternalID: "7"})
		require.NoError(t, err)
		w.Unchanged(func() {
			_, err = s.Create(t.Context(), w.As(w.Acme), user.Identity{ExternalID: "7"})
			require.ErrorIs(t, err, user.ErrTaken)
		})
	})

	t.Run("A_user_may_not", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, hasher := service(w)
		w.Unchanged(func() {
			_, err := s.Create(t.Context(), w.For(w.Ana), withPassword("d@example.com", password))
			require.ErrorIs(t, err, access.ErrClientOnly)
			require.Zero(t, hasher.Work())
		})
	})

	t.Run("A_hasher_that_is_busy_is_told_without_the_password", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, _ := service(w)
		over, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := s.Create(over, w.As(w.Acme), withPassword("d@example.com", password))
		require.Equal(t, fault.Unavailable, fault.KindOf(err))
		silent(t, err)
	})
}

func TestList(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s, _ := service(w)
	list := func(p usecase.Principal, filter store.UserFilter) (ids []ident.User) {
		page := store.Page{Limit: 1}
		for {
			slice, err := s.List(t.Context(), p, filter, page)
			require.NoError(t, err)
			for _, u := range slice.Items {
				ids = append(ids, u.ID)
			}
			if page.After = slice.Next; page.After == nil {
				return ids
			}
		}
	}
	require.ElementsMatch(t, []ident.User{w.Ana.ID, w.Ben.ID}, list(w.As(w.Acme), store.UserFilter{}))
	require.Equal(t, []ident.User{w.Cleo.ID}, list(w.As(w.Other), store.UserFilter{}))
	require.Equal(t, []ident.User{w.Ben.ID}, list(w.As(w.Acme), store.UserFilter{Email: "BEN@example.com"}))
	require.Empty(t, list(w.As(w.Acme), store.UserFilter{Email: "cleo@example.com"}), "another client's")
	_, err := s.List(t.Context(), w.For(w.Ana), store.UserFilter{}, store.Page{Limit: 1})
	require.ErrorIs(t, err, access.ErrClientOnly)
	_, err = s.List(t.Context(), w.As(w.Acme), store.UserFilter{}, store.Page{Limit: 1, After: store.Key{"x"}})
	require.ErrorIs(t, err, store.ErrCursor)
}

func TestChange(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	hidden := func(s string) *secret.String { v := secret.New(s); return &v }

	t.Run("Replaces_address_and_password", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, hasher := service(w)
		changed, err := s.Change(t.Context(), w.For(w.Ana), "me", usecase.UserChange{Email: text("Anna@Example.com"), Password: hidden(password)})
		require.NoError(t, err)
		require.Equal(t, "anna@example.com", changed.EmailKey)
		found, err := s.Get(t.Context(), w.As(w.Acme), string(w.Ana.ID))
		require.NoError(t, err)
		right, err := hasher.Verify(t.Context(), found.PasswordHash, secret.New(password))
		require.NoError(t, err)
		require.True(t, right)
		require.NotContains(t, usecasetest.Everything(w.Store), password)
	})

	t.Run("Keeps_what_is_not_named", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, _ := service(w)
		w.Unchanged(func() {
			_, err := s.Change(t.Context(), w.As(w.Acme), string(w.Ana.ID), usecase.UserChange{})
			require.NoError(t, err)
		})
	})

	t.Run("Refuses_and_writes_nothing", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		s, hasher := service(w)
		external, err := s.Create(t.Context(), w.As(w.Acme), user.Identity{ExternalID: "7"})
		require.NoError(t, err)
		good := usecase.UserChange{Password: hidden(password)}
		for name, c := range map[string]struct {
			p      usecase.Principal
			id     string
			change usecase.UserChange
			code   string
		}{
			"another user's":         {w.For(w.Ben), string(w.Ana.ID), good, "user_not_found"},
			"another client's":       {w.As(w.Other), string(w.Ana.ID), good, "user_not_found"},
			"malformed":              {w.As(w.Acme), "usr_", good, "user_not_found"},
			"me without a user":      {w.As(w.Acme), "me", good, "user_not_found"},
			"taken":                  {w.For(w.Ana), "me", usecase.UserChange{Email: text("ben@EXAMPLE.com"), Password: hidden(password)}, "user_exists"},
			"no address":             {w.For(w.Ana), "me", usecase.UserChange{Email: text(""), Password: hidden(password)}, "invalid_email"},
			"weak":                   {w.For(w.Ana), "me", usecase.UserChange{Password: hidden("123456")}, "invalid_password"},
			"empty":                  {w.For(w.Ana), "me", usecase.UserChange{Password: hidden("")}, "invalid_password"},
			"password for external":  {w.As(w.Acme), string(external.ID), good, "external_user"},
			"address for external":   {w.As(w.Acme), string(external.ID), usecase.UserChange{Email: text("e@example.com")}, "external_user"},
			"not reachable and weak": {w.As(w.Other), string(w.Ana.ID), usecase.UserChange{Password: hidden("1")}, "user_not_found"},
		} {
			work := hasher.Work()
			w.Unchanged(func() {
				changed, err := s.Change(t.Context(), c.p, c.id, c.change)
				var told *fault.Error
				require.ErrorAs(t, err, &told, name)
				require.Equal(t, c.code, told.Code, name)
				require.Nil(t, changed, name)
				silent(t, err)
			})
			if c.code == "user_not_found" {
				require.Equal(t, work, hasher.Work(), "nothing is hashed for nobody")
			}
		}
	})
}

func TestDelete_erases_all_of_a_user_and_tells(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	s, _ := service(w)
	for _, u := range []*user.User{w.Ana, w.Ben} {
		made, err := connection.New(ident.New[ident.Connection](w.IDs), u.ClientID, u.ID, usecasetest.Bank, "Oak", []connection.Channel{{DefinitionID: "x"}}, false, w.Now())
		require.NoError(t, err)
		w.Update(func(ctx context.Context, tx store.Tx) error {
			return errors.Join(tx.Connections().Put(ctx, made), tx.Tokens().Put(ctx, store.Token{Hash: string(u.ID), Owner: store.Owner{Client: u.ClientID, User: u.ID}}))
		})
	}
	for _, who := range []usecase.Principal{w.For(w.Ben), w.As(w.Other), w.For(w.Cleo)} {
		w.Unchanged(func() { require.ErrorIs(t, s.Delete(t.Context(), who, string(w.Ana.ID)), user.ErrNotFound) })
	}
	key, head := string(w.Ana.SealedKey), w.Head(w.Acme)
	require.Contains(t, usecasetest.Everything(w.Store), key)
	require.NoError(t, s.Delete(t.Context(), w.As(w.Acme), string(w.Ana.ID)))
	left := usecasetest.Everything(w.Store)
	require.NotContains(t, left, key, "with the key all its secrets are gone")
	require.NotContains(t, left, "ana@example.com")
	require.Equal(t, []event.Name{event.UserDeleted}, w.Told(w.Acme, head))
	require.ErrorIs(t, s.Delete(t.Context(), w.As(w.Acme), string(w.Ana.ID)), user.ErrNotFound)
	w.View(func(ctx context.Context, tx store.Tx) error {
		slice, err := tx.Connections().List(ctx, store.Owner{Client: w.Acme.ID}, store.ConnectionFilter{}, store.Page{Limit: 10})
		require.Len(t, slice.Items, 1)
		require.Equal(t, w.Ben.ID, slice.Items[0].UserID)
		_, gone := tx.Tokens().Get(ctx, string(w.Ana.ID))
		require.True(t, fault.IsNotFound(gone))
		return err
	})
}
