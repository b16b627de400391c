package endtoend

import (
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// addClient puts a second client into the database of a server that is down,
// as an operator's command would, and starts the server again.
func (s *sandbox) addClient(t *testing.T) (id, secret string) {
	t.Helper()
	s.stop(t)
	state, err := bunstore.OpenSQLite(t.Context(), bunstore.Config{Path: filepath.Join(s.data, "tributary.db")})
	require.NoError(t, err)
	plain, hash := oauth.NewSecret(rand.Reader)
	other, err := client.New(ident.New[ident.Client](ident.Real()), "The other", hash, time.Now())
	require.NoError(t, err)
	other.Rights = []client.Right{client.DirectCredentials, client.PasswordGrant}
	require.NoError(t, state.Update(t.Context(), store.Fence{}, func(tx store.Tx) error { return tx.Clients().Put(t.Context(), other) }))
	require.NoError(t, state.Close())
	s.restart(t)
	return string(other.ID), plain.Reveal()
}
