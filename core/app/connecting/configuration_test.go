package connecting_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

const testBank = "some-bank"

// testBanks has the test bank beside Oak, and a configuration of each client.
func testBanks(t *testing.T) (w *usecasetest.World, acmes, others ident.Configuration) {
	t.Helper()
	w = usecasetest.New(t)
	field := form.Field{Name: sandbox.Credential, Type: form.Hidden, Regex: "[a-z0-9_-]*"}
	channels := func(plugin string) []provider.Channel {
		return []provider.Channel{
			{ID: "web", Type: bank.Embedded, Plugin: plugin, CredentialFields: []form.Field{{Name: "login", Type: form.Text}, field}},
			{ID: "api", Type: bank.Redirect, Plugin: plugin, CredentialFields: []form.Field{field}},
		}
	}
	w.Banks.Set(
		provider.Provider{ID: testBank, Name: "Test Bank", Channels: channels(sandbox.Plugin)},
		provider.Provider{ID: "real", Name: "Real Bank", Channels: channels("real")})
	acmes, others = ident.New[ident.Configuration](w.IDs), ident.New[ident.Configuration](w.IDs)
	for id, of := range map[ident.Configuration]ident.Client{acmes: w.Acme.ID, others: w.Other.ID} {
		w.Update(func(ctx context.Context, tx store.Tx) error {
			return tx.Configurations().Put(ctx, sandbox.Configuration{ID: id, ClientID: of, CreatedAt: w.Now()})
		})
	}
	return w, acmes, others
}

func at(provider string, configurations ...string) usecase.NewConnection {
	made := usecase.NewConnection{ProviderID: provider}
	for i, channel := range []string{"api", "web"}[:len(configurations)] {
		made.Channels = append(made.Channels, usecase.NewChannel{DefinitionID: channel, Credentials: secret.Values{sandbox.Credential: secret.New(configurations[i])}})
	}
	return made
}

func TestConfiguration_has_to_be_the_clients_own(t *testing.T) {
	t.Parallel()
	w, acmes, others := testBanks(t)
	s := service(w)
	for _, fine := range []usecase.NewConnection{at(testBank, string(acmes), string(acmes)), at(testBank, ""), at("real", string(others))} {
		_, err := s.Create(t.Context(), w.For(w.Ana), fine)
		require.NoError(t, err)
	}
	missing := string(ident.New[ident.Configuration](w.IDs))
	w.Unchanged(func() {
		for _, id := range []string{string(others), missing, "cfg_1", "x"} {
			_, err := s.Create(t.Context(), w.For(w.Ana), at(testBank, string(acmes), id))
			require.Equal(t, []fault.Detail{fault.At("body.channels[1].credentials.configuration", "is no configuration of this client")},
				code(t, "invalid_credentials", err).Details)
		}
	})
	_, err := s.Create(t.Context(), w.For(w.Cleo), at(testBank, string(others)))
	require.NoError(t, err)
	_, err = s.Create(t.Context(), w.For(w.Cleo), at(testBank, string(acmes)))
	require.Error(t, err)
}

func TestConfiguration_of_replaced_credentials_too(t *testing.T) {
	t.Parallel()
	w, acmes, others := testBanks(t)
	s := service(w)
	made, err := s.Create(t.Context(), w.For(w.Ana), at(testBank, ""))
	require.NoError(t, err)
	over(w, made)
	replace := func(id ident.Configuration) error {
		_, err := s.ReplaceCredentials(t.Context(), w.For(w.Ana), string(made.ID), usecase.NewChannel{DefinitionID: "api", Credentials: secret.Values{sandbox.Credential: secret.New(string(id))}}, "")
		return err
	}
	w.Unchanged(func() {
		require.Equal(t, "body.credentials.configuration", code(t, "invalid_credentials", replace(others)).Details[0].Location)
	})
	require.NoError(t, replace(acmes))
}
