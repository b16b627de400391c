package vault_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/tributary-dev/tributary/core/app/vault"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func of(w *usecasetest.World, u *user.User, c ident.Connection, channel, plugin string) vault.Vault {
	return vault.For(w.Box, u, &connection.Connection{ID: c, ClientID: u.ClientID, UserID: u.ID}, channel, plugin)
}

func TestValues_come_back_as_they_were(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	v := of(w, w.Ana, "con_1", "channel", "plugin")
	anything := rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })
	rapid.Check(t, func(r *rapid.T) {
		plain := rapid.MapOf(anything, anything).Draw(r, "values")
		values := secret.Values{}
		for name, value := range plain {
			values[name] = secret.New(value)
		}
		for purpose, way := range map[string]struct {
			seal func(secret.Values) ([]byte, error)
			open func([]byte) (secret.Values, error)
		}{"credentials": {v.SealCredentials, v.OpenCredentials}, "answer": {v.SealAnswer, v.OpenAnswer}} {
			sealed, err := way.seal(values)
			require.NoError(t, err)
			opened, err := way.open(sealed)
			require.NoError(t, err)
			require.Len(t, opened, len(plain), purpose)
			for name, value := range plain {
				require.Equal(t, value, opened[name].Reveal(), purpose)
			}
		}
	})
}

func TestState_is_bound_to_its_version(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	v := of(w, w.Ana, "con_1", "channel", "plugin")
	rapid.Check(t, func(r *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 1, 64).Draw(r, "data")
		version := rapid.IntRange(0, 1<<32-1).Draw(r, "version")
		sealed, err := v.SealState(provider.State{Version: version, Data: secret.FromBytes(data)})
		require.NoError(t, err)
		opened, err := v.OpenState(sealed)
		require.NoError(t, err)
		require.Equal(t, version, opened.Version)
		require.Equal(t, data, opened.Data.Reveal())

		at := rapid.IntRange(0, len(sealed)-1).Draw(r, "byte")
		spoiled := bytes.Clone(sealed)
		spoiled[at] ^= byte(1 << rapid.IntRange(0, 7).Draw(r, "bit"))
		opened, err = v.OpenState(spoiled)
		require.ErrorIs(t, err, sealer.ErrUnreadable)
		require.Zero(t, opened)
		_, err = v.OpenState(sealed[:at])
		require.Equal(t, at == 0, err == nil, "cut to %d bytes", at)
	})
}

func TestState_of_an_impossible_version_is_refused(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	v := of(w, w.Ana, "con_1", "channel", "plugin")
	for _, version := range []int{-1, -1 << 40, 1 << 32, 1 << 40} {
		_, err := v.SealState(provider.State{Version: version, Data: secret.FromBytes([]byte("x"))})
		require.Equal(t, provider.BadData, provider.FailureOf(err).Code)
	}
}

func TestNothing_is_sealed_as_nothing(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	v := of(w, w.Ana, "con_1", "channel", "plugin")
	sealed, err := v.SealSecrets(provider.State{Version: 3})
	require.NoError(t, err)
	require.Nil(t, sealed)
	state, err := v.OpenSecrets(nil)
	require.NoError(t, err)
	require.True(t, state.Empty())
	values, err := v.OpenCredentials(nil)
	require.NoError(t, err)
	require.Empty(t, values)
}

// TestPlaces proves S2 for what the program stores: it seals for every purpose
// at every place, and opens all of it everywhere. Only where it was sealed, in
// row, column, user and tenant, does it open.
func TestPlaces(t *testing.T) {
	t.Parallel()
	w := usecasetest.New(t)
	vaults := map[string]vault.Vault{
		"here":               of(w, w.Ana, "con_1", "channel", "plugin"),
		"another user":       of(w, w.Ben, "con_1", "channel", "plugin"),
		"another client":     of(w, w.Cleo, "con_1", "channel", "plugin"),
		"another connection": of(w, w.Ana, "con_2", "channel", "plugin"),
		"another channel":    of(w, w.Ana, "con_1", "channel 2", "plugin"),
		"another plugin":     of(w, w.Ana, "con_1", "channel", "plugin 2"),
		"shifted":            of(w, w.Ana, "con_1", "channelp", "lugin"),
	}
	stolen := vaults["another user"]
	stolen.Key = w.Ana.SealedKey
	vaults["another user with this one's key"] = stolen
	purposes := []string{"credentials", "answer", "secrets", "state"}
	type box struct{ place, purpose string }
	sealed := map[box][]byte{}
	for place, v := range vaults {
		for _, purpose := range purposes {
			if text, err := seal(v, purpose); err == nil {
				sealed[box{place, purpose}] = text
			} else {
				require.Equal(t, "another user with this one's key", place)
			}
		}
	}
	for place, v := range vaults {
		for _, purpose := range purposes {
			for from, text := range sealed {
				err := open(v, purpose, text)
				if from == (box{place, purpose}) {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, sealer.ErrUnreadable, fmt.Sprint(from, " opened as ", place, " ", purpose))
				}
			}
		}
	}
}

func seal(v vault.Vault, purpose string) ([]byte, error) {
	values, state := secret.Values{"a": secret.New("b")}, provider.State{Version: 0, Data: secret.FromBytes([]byte("x"))}
	switch purpose {
	case "credentials":
		return v.SealCredentials(values)
	case "answer":
		return v.SealAnswer(values)
	case "secrets":
		return v.SealSecrets(state)
	}
	return v.SealState(state)
}

func open(v vault.Vault, purpose string, sealed []byte) (err error) {
	switch purpose {
	case "credentials":
		_, err = v.OpenCredentials(sealed)
	case "answer":
		_, err = v.OpenAnswer(sealed)
	case "secrets":
		_, err = v.OpenSecrets(sealed)
	default:
		_, err = v.OpenState(sealed)
	}
	return err
}
