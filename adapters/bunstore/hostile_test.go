package bunstore

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// Bun writes values into its statements: whatever a value holds, it stays one.
func TestHostileTextsStayTexts(t *testing.T) {
	t.Parallel()
	lite := openAt(t, filepath.Join(t.TempDir(), "store.db"))
	t.Cleanup(func() { require.NoError(t, lite.Close()) })
	for name, s := range map[string]*Store{"SQLite": lite, "PostgreSQL": openDSN(t, Config{DSN: database(t, "")})} {
		for sent, kept := range map[string]string{
			`'; DROP TABLE users; --`: `'; DROP TABLE users; --`, `\'; SELECT 1; --`: `\'; SELECT 1; --`, `\`: `\`, `\\''`: `\\''`,
			`?`: `?`, `?0 ?name ??`: `?0 ?name ??`, `$1 :a @b %s`: `$1 :a @b %s`, `E'\x41'`: `E'\x41'`, "$$ $a$": "$$ $a$", "/* --": "/* --",
			"a\x00b": "a\ufffdb", "a\xffb": "a\ufffdb", "\xed\xa0\x80": "\ufffd\ufffd\ufffd", "line\r\n\t\u2028é😀": "line\r\n\t\u2028é😀",
		} {
			require.NoError(t, s.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
				if err := tx.Clients().Put(t.Context(), client.Client{ID: "cli_1", Name: sent, Scopes: []client.Scope{client.Scope(sent)}}); err != nil {
					return err
				}
				return tx.Users().Put(t.Context(), &user.User{ID: "usr_1", ClientID: "cli_1", ExternalID: sent, SealedKey: []byte(sent)})
			}), "%s: %q", name, sent)
			require.NoError(t, s.View(t.Context(), func(tx store.Tx) error {
				c, err := tx.Clients().Get(t.Context(), "cli_1")
				require.NoError(t, err)
				require.Equal(t, kept, c.Name, name)
				u, err := tx.Users().ByExternalID(t.Context(), "cli_1", sent)
				require.NoError(t, err, "%s: %q is found by what was sent", name, sent)
				require.Equal(t, []byte(sent), u.SealedKey, "bytes are bytes")
				found, err := tx.Transactions().List(t.Context(), store.Owner{Client: "cli_1"}, store.TransactionFilter{Text: sent}, store.Page{Limit: 1})
				require.Empty(t, found.Items)
				return err
			}))
		}
	}
}
