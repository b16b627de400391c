package connecting_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func TestCreate(t *testing.T) {
	t.Parallel()

	t.Run("Queues_a_first_run_with_REDIRECT_first", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		asker := w.For(w.Ana)
		asker.PSU, asker.Locale = &synchronization.PSU{IP: "192.0.2.1"}, "fr"
		head := w.Head(w.Acme)
		made, err := service(w).Create(t.Context(), asker, usecase.NewConnection{
			ProviderID: usecasetest.Bank, AutoSync: true,
			Channels: []usecase.NewChannel{embedded(credentials()), {DefinitionID: usecasetest.Redirect}},
		})
		require.NoError(t, err)
		require.Equal(t, "Oak", made.Name, "the provider's, where the order has none")
		require.Equal(t, connection.Running, made.Status)
		require.True(t, made.AutoSync)
		require.Equal(t, []event.Name{event.ConnectionCreated}, w.Told(w.Acme, head))
		w.View(func(ctx context.Context, tx store.Tx) error {
			run, err := tx.Runs().Get(ctx, asker.Owner(), made.LastSynchronizationID)
			require.Equal(t, synchronization.Queued, run.Status)
			require.Equal(t, synchronization.Connect, run.Trigger)
			require.Equal(t, asker.PSU, run.PSU)
			require.Equal(t, "fr", run.Locale)
			require.Equal(t, usecasetest.Redirect, run.Legs[0].ChannelDefinition)
			require.Len(t, run.Legs, 2)
			return err
		})
		require.Equal(t, []jobs.Job{{Kind: synchronizing.Job, Key: string(made.LastSynchronizationID)}}, w.Store.Jobs())
	})

	t.Run("Seals_credentials_for_their_place_and_keeps_none_in_clear", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		require.NotContains(t, usecasetest.Everything(w.Store), canary)
		w.View(func(ctx context.Context, tx store.Tx) error {
			stored, err := tx.Connections().Get(ctx, w.For(w.Ana).Owner(), made.ID)
			require.NoError(t, err)
			sealed := stored.Channels[0].SealedCredentials
			opened, err := vault.For(w.Box, w.Ana, stored, usecasetest.Embedded, "oak").OpenCredentials(sealed)
			require.NoError(t, err)
			require.Equal(t, canary, opened["password"].Reveal())
			for _, elsewhere := range []vault.Vault{
				vault.For(w.Box, w.Ana, stored, usecasetest.Redirect, "oak"), vault.For(w.Box, w.Ana, stored, usecasetest.Embedded, "ash"),
				vault.For(w.Box, w.Ben, stored, usecasetest.Embedded, "oak"),
			} {
				_, err = elsewhere.OpenCredentials(sealed)
				require.ErrorIs(t, err, sealer.ErrUnreadable)
			}
			return nil
		})
	})

	t.Run("In_client_mode_is_for_the_user_that_is_named", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		wanted := order(embedded(credentials()))
		wanted.UserID = string(w.Ben.ID)
		made, err := service(w).Create(t.Context(), w.As(w.Acme), wanted)
		require.NoError(t, err)
		require.Equal(t, w.Ben.ID, made.UserID)
	})
}

func TestCreate_refused_writes_nothing(t *testing.T) {
	t.Parallel()
	named := func(o usecase.NewConnection, name string) usecase.NewConnection { o.Name = name; return o }
	as := func(o usecase.NewConnection, id string) usecase.NewConnection { o.UserID = id; return o }
	w := usecasetest.New(t)
	unknown := usecase.NewChannel{DefinitionID: canary}
	bad := secret.Values{"login": secret.New(canary), "birthday": secret.New("2026-02-30")}
	for name, c := range map[string]struct {
		p     usecase.Principal
		order usecase.NewConnection
		code  string
		at    []string
	}{
		"Unknown_provider":    {w.For(w.Ana), usecase.NewConnection{ProviderID: canary, Channels: []usecase.NewChannel{embedded(credentials())}}, "provider_not_found", nil},
		"No_channel":          {w.For(w.Ana), order(), "no_channels", []string{"body.channels"}},
		"Unknown_channel":     {w.For(w.Ana), order(unknown), "channel_definition_not_found", []string{"body.channels[0].channel_definition_id"}},
		"A_channel_twice":     {w.For(w.Ana), order(embedded(credentials()), embedded(credentials())), "channel_twice", []string{"body.channels[1].channel_definition_id"}},
		"Missing_credentials": {w.For(w.Ana), order(embedded(nil)), "invalid_credentials", []string{"body.channels[0].credentials.login", "body.channels[0].credentials.password"}},
		"Wrong_credentials": {w.For(w.Ana), order(embedded(bad)), "invalid_credentials", []string{
			"body.channels[0].credentials.login", "body.channels[0].credentials.password", "body.channels[0].credentials.birthday",
		}},
		"A_field_that_is_not_asked_for": {w.For(w.Ana), order(embedded(credentials()), usecase.NewChannel{
			DefinitionID: usecasetest.Redirect, Credentials: secret.Values{canary: secret.New(canary)},
		}), "invalid_credentials", []string{"body.channels[1].credentials"}},
		"Everything_at_once": {w.For(w.Ana), named(order(unknown, embedded(bad), embedded(credentials())), strings.Repeat("é", 201)), "channel_definition_not_found", []string{
			"body.channels[0].channel_definition_id", "body.channels[1].credentials.login", "body.channels[1].credentials.password",
			"body.channels[1].credentials.birthday", "body.channels[2].channel_definition_id", "body.name",
		}},
		"A_name_without_end":             {w.For(w.Ana), named(order(embedded(credentials())), strings.Repeat("é", 201)), "invalid_connection_name", []string{"body.name"}},
		"No_user_in_client_mode":         {w.As(w.Acme), order(embedded(credentials())), "user_id_required", []string{"body.user_id"}},
		"Another_clients_user":           {w.As(w.Acme), as(order(embedded(credentials())), string(w.Cleo.ID)), "user_not_found", nil},
		"Another_user":                   {w.For(w.Ben), as(order(embedded(credentials())), string(w.Ana.ID)), "user_not_found", nil},
		"Malformed_user":                 {w.As(w.Acme), as(order(embedded(credentials())), "usr_%"), "user_not_found", nil},
		"Without_the_right_in_user_mode": {without(w.For(w.Ana)), order(embedded(credentials())), "widget_required", nil},
		"Without_the_right":              {without(w.As(w.Acme)), as(order(embedded(credentials())), string(w.Ana.ID)), "widget_required", nil},
	} {
		t.Run(name, func(t *testing.T) {
			w.Unchanged(func() {
				made, err := service(w).Create(t.Context(), c.p, c.order)
				require.Nil(t, made)
				var at []string
				for _, detail := range code(t, c.code, err).Details {
					at = append(at, detail.Location)
					require.NotContains(t, detail.Location+detail.Message, canary)
				}
				require.Equal(t, c.at, at)
			})
			require.Empty(t, w.Store.Jobs())
		})
	}
	accepted, err := service(w).Create(t.Context(), w.For(w.Ana), named(order(embedded(credentials())), strings.Repeat("é", 200)))
	require.NoError(t, err, "characters are counted, not bytes")
	require.Len(t, []rune(accepted.Name), 200)
}

// without is a token of a client that may not handle credentials.
func without(p usecase.Principal) usecase.Principal {
	p.Rights = nil
	return p
}

func TestReach(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	made := connect(t, w)
	s := service(w)
	reaches := map[string]bool{"Ana": true, "Acme": true}
	name := "New"
	for who, p := range w.Principals() {
		for _, id := range []string{string(made.ID), "con_", "usr_" + string(made.ID)[4:], ""} {
			found, err := s.Get(t.Context(), p, id)
			if reaches[who] && id == string(made.ID) {
				require.NoError(t, err)
				require.Equal(t, made.ID, found.ID)
				continue
			}
			w.Unchanged(func() {
				_, changing := s.Change(t.Context(), p, id, usecase.ConnectionChange{Name: &name})
				_, replacing := s.ReplaceCredentials(t.Context(), p, id, embedded(credentials()), "")
				_, asking := s.Current(t.Context(), p, id)
				for _, err := range []error{err, changing, replacing, asking, s.Delete(t.Context(), p, id), s.Answer(t.Context(), p, id, "cha_", nil)} {
					require.Equal(t, connection.ErrNotFound, err, who)
				}
			})
		}
		slice, err := s.List(t.Context(), p, store.ConnectionFilter{}, store.Page{Limit: 10})
		require.NoError(t, err)
		require.Equal(t, reaches[who], len(slice.Items) == 1, who)
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	made := connect(t, w)
	s := service(w)
	for _, wrong := range []string{"", strings.Repeat("é", 201)} {
		w.Unchanged(func() {
			_, err := s.Change(t.Context(), w.For(w.Ana), string(made.ID), usecase.ConnectionChange{Name: &wrong})
			code(t, "invalid_connection_name", err)
		})
	}
	name, on, head := "Mine", true, w.Head(w.Acme)
	changed, err := s.Change(t.Context(), w.For(w.Ana), string(made.ID), usecase.ConnectionChange{Name: &name, AutoSync: &on})
	require.NoError(t, err)
	require.Equal(t, "Mine", changed.Name)
	require.True(t, changed.AutoSync)
	require.Equal(t, []event.Name{event.ConnectionUpdated}, w.Told(w.Acme, head))
	changed, err = s.Change(t.Context(), w.As(w.Acme), string(made.ID), usecase.ConnectionChange{})
	require.NoError(t, err)
	require.Equal(t, "Mine", changed.Name)
	require.Len(t, w.Told(w.Acme, head), 1, "what changes nothing is not told")
}

func TestDelete_takes_what_hangs_on_it(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	made := connect(t, w)
	asked := ask(w, made, connection.Form, nil)
	head := w.Head(w.Acme)
	require.NoError(t, service(w).Delete(t.Context(), w.For(w.Ana), string(made.ID)))
	require.Equal(t, []event.Name{event.ConnectionDeleted}, w.Told(w.Acme, head))
	w.View(func(ctx context.Context, tx store.Tx) error {
		_, err := tx.Challenges().Get(ctx, w.For(w.Ana).Owner(), asked.ID)
		require.ErrorIs(t, err, connection.ErrNoChallenge)
		_, err = tx.Runs().Load(ctx, made.LastSynchronizationID)
		require.ErrorIs(t, err, synchronization.ErrNotFound)
		_, err = tx.Users().Get(ctx, w.For(w.Ana).Owner(), w.Ana.ID)
		return err
	})
	require.Equal(t, connection.ErrNotFound, service(w).Delete(t.Context(), w.For(w.Ana), string(made.ID)))
}

func TestReplaceCredentials(t *testing.T) {
	t.Parallel()

	t.Run("Seals_them_and_queues_a_run", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		over(w, made)
		before := made.Channels[0].SealedCredentials
		w.Pass(1)
		changed, err := service(w).ReplaceCredentials(t.Context(), w.For(w.Ana), string(made.ID),
			embedded(secret.Values{"login": secret.New("4321"), "password": secret.New(canary + "2")}), "")
		require.NoError(t, err)
		require.NotEqual(t, before, changed.Channels[0].SealedCredentials)
		require.NotEqual(t, made.LastSynchronizationID, changed.LastSynchronizationID)
		require.NotContains(t, usecasetest.Everything(w.Store), canary)
		opened, err := vault.For(w.Box, w.Ana, changed, usecasetest.Embedded, "oak").OpenCredentials(changed.Channels[0].SealedCredentials)
		require.NoError(t, err)
		require.Equal(t, "4321", opened["login"].Reveal())
		w.View(func(ctx context.Context, tx store.Tx) error {
			run, err := tx.Runs().Load(ctx, changed.LastSynchronizationID)
			require.Equal(t, synchronization.Manual, run.Trigger)
			return err
		})
	})

	t.Run("Adds_a_channel_that_is_not_used_yet", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		changed, err := service(w).ReplaceCredentials(t.Context(), w.For(w.Ana), string(made.ID), usecase.NewChannel{DefinitionID: usecasetest.Redirect}, "2026-03")
		require.NoError(t, err)
		require.Len(t, changed.Channels, 2)
		require.Equal(t, made.LastSynchronizationID, changed.LastSynchronizationID, "the run at work reads it too")
		w.View(func(ctx context.Context, tx store.Tx) error {
			run, err := tx.Runs().Load(ctx, changed.LastSynchronizationID)
			require.Equal(t, usecasetest.Redirect, run.Legs[1].ChannelDefinition)
			agreed, failed := tx.Consents().Load(ctx, changed.Channels[1].ConsentID)
			require.Equal(t, "2026-03", agreed.Terms.Version)
			return errors.Join(err, failed)
		})
	})

	t.Run("Refused_writes_nothing", func(t *testing.T) {
		t.Parallel()
		w := usecasetest.New(t)
		made := connect(t, w)
		s := service(w)
		replace := func(p usecase.Principal, channel string, values secret.Values) error {
			changed, err := s.ReplaceCredentials(t.Context(), p, string(made.ID), usecase.NewChannel{DefinitionID: channel, Credentials: values}, "")
			require.Nil(t, changed)
			return err
		}
		w.Unchanged(func() {
			running := code(t, "synchronization_running", replace(w.For(w.Ana), usecasetest.Embedded, credentials()))
			require.Equal(t, string(made.LastSynchronizationID), running.Subject)
			code(t, "widget_required", replace(without(w.For(w.Ana)), usecasetest.Embedded, credentials()))
		})
		over(w, made)
		w.Unchanged(func() {
			code(t, "channel_not_found", replace(w.For(w.Ana), canary, nil))
			wrong := code(t, "invalid_credentials", replace(w.For(w.Ana), usecasetest.Embedded, secret.Values{"login": secret.New(canary)}))
			require.Len(t, wrong.Details, 2)
			require.Equal(t, "body.credentials.login", wrong.Details[0].Location)
			require.Equal(t, "body.credentials.password", wrong.Details[1].Location)
			_, err := s.ReplaceCredentials(t.Context(), w.For(w.Ana), string(made.ID), embedded(credentials()), "no version")
			require.Equal(t, "body.terms_version", code(t, "invalid_terms_version", err).Details[0].Location)
			w.Banks.Set()
			code(t, "provider_not_found", replace(w.For(w.Ana), usecasetest.Embedded, credentials()))
		})
	})
}
