package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// update writes through a store that is open as a server's would be.
func write(t *testing.T, data string, fn func(store.Tx) error) {
	t.Helper()
	state, err := bunstore.OpenSQLite(t.Context(), bunstore.Config{Path: node.Database(data), Shared: true})
	require.NoError(t, err)
	require.NoError(t, state.Update(t.Context(), store.Fence{}, fn))
	require.NoError(t, state.Close())
}

func TestClient_lives_beside_a_server(t *testing.T) {
	t.Parallel()
	data := folder(t)
	server, err := bunstore.OpenSQLite(t.Context(), bunstore.Config{Path: node.Database(data)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	kept := func(id ident.Client) (c client.Client) {
		require.NoError(t, server.View(t.Context(), func(tx store.Tx) (err error) {
			c, err = tx.Clients().Get(t.Context(), id)
			return err
		}))
		return c
	}
	hash := func(secret string) string {
		sum := sha256.Sum256([]byte(secret))
		return hex.EncodeToString(sum[:])
	}

	made := does[clientShape](t, "client", "create", "--data", data, "--name", "Budget app", "--right", "direct_credentials",
		"--scope", "profile", "--scope", "accounts_read", "--redirect-url", "https://a.example/x?y=1,2", "--redirect-url", "http://localhost:3000/",
		"--origin", "https://a.example", "--origin", "http://localhost:3000", "--app-link", "com.example.budget:/banks?y=1,2")
	c := kept(made.ID)
	require.Equal(t, "Budget app", c.Name)
	require.Equal(t, []client.Scope{client.Profile, client.AccountsRead}, c.Scopes)
	require.Equal(t, []client.Right{client.DirectCredentials}, c.Rights)
	require.Equal(t, []string{"https://a.example/x?y=1,2", "http://localhost:3000/"}, c.RedirectURLs)
	require.Equal(t, []string{"https://a.example", "http://localhost:3000"}, c.Origins)
	require.Equal(t, []string{"com.example.budget:/banks?y=1,2"}, c.AppLinks)
	require.Equal(t, hash(made.Secret), c.SecretHash)

	moved := does[clientShape](t, "client", "move", "--data", data, string(made.ID), "--origin", "https://b.example", "--none", "app-link")
	require.Equal(t, []string{"https://b.example"}, moved.Origins)
	require.Empty(t, moved.AppLinks)
	require.Empty(t, moved.Secret)
	require.Equal(t, c.RedirectURLs, moved.RedirectURLs, "what is not named stays")
	require.Equal(t, []string{"https://b.example"}, kept(made.ID).Origins)
	require.Empty(t, kept(made.ID).AppLinks)
	require.Equal(t, hash(made.Secret), kept(made.ID).SecretHash)
	wrong := call(t, nil, "client", "move", "--data", data, string(made.ID), "--origin", "https://c.example", "--app-link", "javascript:1")
	require.Equal(t, 2, wrong.status)
	require.Contains(t, wrong.log, "app_links[0] wants a scheme")
	require.Equal(t, []string{"https://b.example"}, kept(made.ID).Origins, "half of it is nothing")
	require.Contains(t, call(t, nil, "client", "move", "--data", data, string(made.ID), "--none", "origin").out, "origins        -")

	listed := call(t, nil, "client", "list", "--data", data, "--json")
	require.Contains(t, listed.out, string(made.ID))
	require.NotContains(t, listed.out, "secret")
	require.NotContains(t, listed.out, c.SecretHash)
	require.Contains(t, call(t, nil, "client", "list", "--data", data).out, "Budget app  enabled  direct_credentials")

	again := does[clientShape](t, "client", "rotate", "--data", data, string(made.ID))
	require.NotEqual(t, made.Secret, again.Secret)
	require.Equal(t, hash(again.Secret), kept(made.ID).SecretHash)

	require.True(t, does[clientShape](t, "client", "disable", "--data", data, string(made.ID)).Disabled)
	require.True(t, kept(made.ID).Disabled)
	require.Contains(t, call(t, nil, "client", "enable", "--data", data, string(made.ID)).out, "(Budget app) is enabled")
	require.False(t, kept(made.ID).Disabled)
}

func TestUser_is_listed_and_erased(t *testing.T) {
	t.Parallel()
	data := folder(t)
	owner := does[clientShape](t, "client", "create", "--data", data, "--name", "one").ID
	other := does[clientShape](t, "client", "create", "--data", data, "--name", "two").ID
	id := ident.New[ident.User](ident.Real())
	write(t, data, func(tx store.Tx) error {
		return tx.Users().Put(t.Context(), user.New(id, owner, user.Identity{ExternalID: "ext-1"}, "", nil, ident.Real().Now()))
	})
	users := func(of ident.Client) list[userShape] {
		return does[list[userShape]](t, "user", "list", "--data", data, "--client", string(of))
	}
	require.Equal(t, "ext-1", users(owner).Data[0].ExternalID)
	require.Equal(t, []userShape{}, users(other).Data)
	require.Contains(t, call(t, nil, "user", "list", "--data", data, "--client", string(owner)).out, "ext-1")

	refused := call(t, nil, "user", "delete", "--data", data, "--client", string(owner), string(id))
	require.Equal(t, 2, refused.status)
	require.Contains(t, refused.log, "--yes")
	foreign := call(t, nil, "user", "delete", "--data", data, "--client", string(other), string(id), "--yes")
	require.Equal(t, 1, foreign.status)
	require.Contains(t, foreign.log, "user_not_found")
	require.Len(t, users(owner).Data, 1)

	require.Equal(t, map[string]any{"id": string(id), "erased": true},
		does[map[string]any](t, "user", "delete", "--data", data, "--client", string(owner), string(id), "--yes"))
	require.Empty(t, users(owner).Data)
}

// What is refused is told in one place, and nothing is made on the way.
func TestCalls_that_are_refused(t *testing.T) {
	t.Parallel()
	data := folder(t)
	empty, gone := t.TempDir(), filepath.Join(t.TempDir(), "gone")
	unknown := string(ident.New[ident.Client](ident.Real()))
	require.Zero(t, call(t, nil, "client", "create", "--data", data, "--name", "one").status)
	t.Run("each", func(t *testing.T) { refuseEach(t, data, empty, gone, unknown) })
	left, err := os.ReadDir(empty)
	require.NoError(t, err)
	require.Empty(t, left)
	require.NoDirExists(t, gone)
	require.Len(t, does[list[clientShape]](t, "client", "list", "--data", data).Data, 1)
}

func refuseEach(t *testing.T, data, empty, gone, unknown string) {
	t.Helper()
	for name, c := range map[string]struct {
		args   []string
		status int
		says   string
	}{
		"no such command":     {[]string{"clients"}, 2, "clients"},
		"no such flag":        {[]string{"client", "list", "--dat", "x"}, 2, "--dat"},
		"no name":             {[]string{"client", "create", "--data", data}, 2, "--name"},
		"an empty name":       {[]string{"client", "create", "--data", data, "--name", " "}, 2, "1 to 100 characters"},
		"a strange right":     {[]string{"client", "create", "--data", data, "--name", "x", "--right", "root"}, 2, "rights[0] is no right"},
		"a strange URL":       {[]string{"client", "create", "--data", data, "--name", "x", "--redirect-url", "http://a.example"}, 2, "redirect_urls[0] wants https"},
		"a strange origin":    {[]string{"client", "create", "--data", data, "--name", "x", "--origin", "https://a.example/"}, 2, "origins[0] wants scheme, host and port"},
		"a strange app link":  {[]string{"client", "create", "--data", data, "--name", "x", "--app-link", "javascript:1"}, 2, "app_links[0] wants a scheme"},
		"no folder":           {[]string{"client", "create", "--data", gone, "--name", "x"}, 1, gone + " is not there"},
		"no database":         {[]string{"client", "list", "--data", empty}, 1, "there is no database at"},
		"no such client":      {[]string{"client", "rotate", "--data", data, unknown}, 1, "client_not_found"},
		"no id":               {[]string{"client", "disable", "--data", data, "cli_x"}, 2, "<client> is to be an id, which looks like cli_"},
		"users of nobody":     {[]string{"user", "list", "--data", data, "--client", unknown}, 1, "'tributary client list' shows"},
		"no client id":        {[]string{"user", "list", "--data", data, "--client", "one"}, 2, "--client is to be an id, which looks like cli_"},
		"no user id":          {[]string{"user", "delete", "--data", data, "--client", unknown, "--yes", "ana"}, 2, "<user> is to be an id, which looks like usr_"},
		"half a command":      {[]string{"client"}, 2, "(tributary client --help says more)"},
		"no such flag of one": {[]string{"user", "list", "--dat", "x"}, 2, "(tributary user list --help says more)"},
		"migrating nowhere":   {[]string{"migrate", "up", "--data", gone}, 1, gone + " is not there: name it with --data"},
		"a wrong setting":     {[]string{"client", "list", "--data", ""}, 1, "--data: wants a path"},
		"a key that is there": {[]string{"keys", "generate", "--data", data}, 1, "is there already and was left alone"},
		"no such number":      {[]string{"keys", "certificates", "--out", gone, "--organization-id", "12345"}, 1, "wants the form PSDFR-ACPR-12345"},
		"certificates there":  {[]string{"keys", "certificates", "--out", certified(t)}, 1, "ca.pem is there already and was left alone"},
		"rotating nothing":    {[]string{"keys", "rotate", "--data", empty}, 1, "there is no database at"},
		"an unprepared wrap":  {[]string{"keys", "rotate", "--data", data, "--step", "wrap"}, 1, "begin with the step prepare"},
		"no such step":        {[]string{"keys", "rotate", "--data", data, "--step", "half"}, 2, "must be one of"},
		"migrating nothing":   {[]string{"migrate", "status", "--data", empty}, 1, "there is no database at"},
		"no plugins":          {[]string{"plugin", "list", "--plugins", gone}, 1, "cannot be read"},
		"no providers":        {[]string{"provider", "list", "--plugins", gone}, 1, "cannot be read"},
		"no such shell":       {[]string{"completion", "csh"}, 2, "must be one of"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := call(t, nil, c.args...)
			require.Equal(t, c.status, s.status, s.log)
			require.Contains(t, s.log, c.says)
			require.Empty(t, s.out)
		})
	}
}

func TestMigrate_shows_and_applies(t *testing.T) {
	t.Parallel()
	data := folder(t)
	require.Zero(t, call(t, nil, "migrate", "up", "--data", data).status)
	shape := does[schemaShape](t, "migrate", "status", "--data", data)
	require.Positive(t, shape.Newest)
	require.Equal(t, schemaShape{shape.Newest, shape.Newest, []string{}}, shape)
	server, err := bunstore.OpenSQLite(t.Context(), bunstore.Config{Path: node.Database(data)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	require.Contains(t, call(t, nil, "migrate", "up", "--data", data).log, "in use by another process")
}

// A key that opens nothing of what is there is worse than none.
func TestKeys_are_not_made_beside_a_database(t *testing.T) {
	t.Parallel()
	data := folder(t)
	owner := does[clientShape](t, "client", "create", "--data", data, "--name", "one").ID
	key := filepath.Join(data, "master.key")
	require.NoError(t, os.Remove(key))
	require.Zero(t, call(t, nil, "keys", "generate", "--data", data).status, "nothing there is anybody's yet")
	write(t, data, func(tx store.Tx) error {
		return tx.Users().Put(t.Context(), user.New(ident.New[ident.User](ident.Real()), owner, user.Identity{ExternalID: "x"}, "", nil, ident.Real().Now()))
	})
	require.NoError(t, os.Remove(key))
	s := call(t, nil, "keys", "generate", "--data", data)
	require.Equal(t, 1, s.status)
	require.Contains(t, s.log, "restore that one")
	require.NoFileExists(t, key)

	fresh := filepath.Join(t.TempDir(), "deep", "data")
	require.Equal(t, filepath.Join(fresh, "master.key"), does[map[string]string](t, "keys", "generate", "--data", fresh)["master_key_file"])
	require.FileExists(t, filepath.Join(fresh, "master.key"))
}

func TestVersion_tells_which_schema_it_knows(t *testing.T) {
	t.Parallel()
	data := folder(t)
	require.Zero(t, call(t, nil, "migrate", "up", "--data", data).status)
	shape := does[versionShape](t, "version")
	require.Equal(t, does[schemaShape](t, "migrate", "status", "--data", data).Newest, shape.Schema)
	require.Equal(t, version, shape.Version)
	require.Contains(t, call(t, nil, "version").out, "tributary "+version+" (schema ")
}

// certified is a folder with certificates.
func certified(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "certificates")
	files := does[map[string]string](t, "keys", "certificates", "--out", out)
	require.Len(t, files, 6)
	for name, path := range files {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
	return out
}
