package doctor_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/cmd/tributary/doctor"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
)

// healthy is an installation with one user, whose key is under the master key.
func healthy(t *testing.T) doctor.Patient {
	t.Helper()
	data := t.TempDir()
	require.NoError(t, os.Chmod(data, 0o700))
	master, err := sealbox.Create(filepath.Join(data, "master.key"))
	require.NoError(t, err)
	state, err := bunstore.OpenSQLite(t.Context(), bunstore.Config{Path: node.Database(data)})
	require.NoError(t, err)
	owner, id := ident.New[ident.Client](ident.Real()), ident.New[ident.User](ident.Real())
	key, err := sealbox.New(master).NewKey(owner, id)
	require.NoError(t, err)
	require.NoError(t, state.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		if err := tx.Clients().Put(t.Context(), client.Client{ID: owner, Name: "one"}); err != nil {
			return err
		}
		return tx.Users().Put(t.Context(), user.New(id, owner, user.Identity{ExternalID: "x"}, "", key, time.Now()))
	}))
	require.NoError(t, state.Close())
	plugins := t.TempDir()
	return doctor.Patient{
		Config: node.FromValues(setting.Values{Data: data, Listen: "127.0.0.1:0", Environment: setting.Sandbox, Plugins: plugins}),
		Now:    time.Now(), Free: func(string) (uint64, error) { return 10 << 30, nil },
	}
}

// install puts a plugin into the folder, with the checksum that its manifest says.
func install(t *testing.T, p doctor.Patient, program, sum string) {
	t.Helper()
	manifest := `{"name":"bank","version":"1","protocol":1,"sha256":"` + sum + `"}`
	require.NoError(t, os.WriteFile(filepath.Join(p.Config.Plugins, "bank.json"), []byte(manifest), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(p.Config.Plugins, "bank"), []byte(program), 0o700))
}

func execute(t *testing.T, p doctor.Patient, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", node.Database(p.Config.Data))
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), statement)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestExamine_finds_and_mends(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = taken.Close() })
	for name, c := range map[string]struct {
		harm        func(*testing.T, *doctor.Patient)
		check       string
		state       doctor.State
		says, mends string
	}{
		"folder for everybody": {func(t *testing.T, p *doctor.Patient) { require.NoError(t, os.Chmod(p.Config.Data, 0o755)) },
			"data folder", doctor.Failure, "mode 0755", "chmod 700 "},
		"database for the group": {func(t *testing.T, p *doctor.Patient) {
			require.NoError(t, os.Chmod(node.Database(p.Config.Data), 0o640))
		},
			"data folder", doctor.Failure, "mode 0640", "chmod 600 "},
		"no folder": {func(t *testing.T, p *doctor.Patient) { p.Config.Data = filepath.Join(t.TempDir(), "none") },
			"data folder", doctor.Failure, "is not a folder", "mkdir -m 700"},
		"no database": {func(t *testing.T, p *doctor.Patient) { require.NoError(t, os.Remove(node.Database(p.Config.Data))) },
			"database", doctor.Warning, "there is no database yet", "tributary serve"},
		"broken database": {func(t *testing.T, p *doctor.Patient) {
			require.NoError(t, os.WriteFile(node.Database(p.Config.Data), []byte(strings.Repeat("no database ", 100)), 0o600))
		}, "database", doctor.Failure, "does not open", "restore a backup"},
		"no server": {func(t *testing.T, p *doctor.Patient) {
			p.Config.DatabaseURLFile = filepath.Join(t.TempDir(), "url")
			require.NoError(t, os.WriteFile(p.Config.DatabaseURLFile, []byte("postgres://ana:Canary-77@127.0.0.1:1/x"), 0o600))
		}, "database", doctor.Failure, "connection refused", "see that the server runs"},
		"no key and nobody's data": {func(t *testing.T, p *doctor.Patient) {
			execute(t, *p, "DELETE FROM users")
			require.NoError(t, os.Remove(p.Config.MasterKeyFile))
		}, "master key", doctor.Failure, "is not there", "tributary keys generate"},
		"newer database": {func(t *testing.T, p *doctor.Patient) {
			execute(t, *p, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)")
		}, "database", doctor.Failure, "newer version of this program", "install the newer version"},
		"older database": {func(t *testing.T, p *doctor.Patient) {
			execute(t, *p, "DELETE FROM goose_db_version WHERE version_id > 1")
		}, "database", doctor.Warning, "the schema is at 1", "tributary migrate up"},
		"no key": {func(t *testing.T, p *doctor.Patient) { require.NoError(t, os.Remove(p.Config.MasterKeyFile)) },
			"master key", doctor.Failure, "the database needs it", "restore the file"},
		"another key": {func(t *testing.T, p *doctor.Patient) {
			require.NoError(t, os.Remove(p.Config.MasterKeyFile))
			_, err := sealbox.Create(p.Config.MasterKeyFile)
			require.NoError(t, err)
		}, "master key", doctor.Failure, "does not open what this database holds", "restore the key file"},
		"spoilt key": {func(t *testing.T, p *doctor.Patient) {
			require.NoError(t, os.WriteFile(p.Config.MasterKeyFile, []byte("Canary-77"), 0o600))
		}, "master key", doctor.Failure, "cannot be used", "restore the file"},
		"half a rotation": {func(t *testing.T, p *doctor.Patient) {
			rotation, err := sealbox.Rotate(p.Config.MasterKeyFile)
			require.NoError(t, err)
			require.NoError(t, rotation.Prepare())
			require.NoError(t, rotation.Close())
		}, "master key", doctor.Warning, "under way or was interrupted", "'tributary keys rotate' again"},
		"a plugin that was changed": {func(t *testing.T, p *doctor.Patient) { install(t, *p, "", strings.Repeat("0", 64)) },
			"plugins", doctor.Failure, "bank: the program is not the one of its manifest", "install the plugin again"},
		"a plugin that does not start": {func(t *testing.T, p *doctor.Patient) {
			refuses := "#!/bin/sh\necho 'cannot start: the setting \"here\" is missing' >&2\nexit 1\n"
			install(t, *p, refuses, fmt.Sprintf("%x", sha256.Sum256([]byte(refuses))))
		}, "plugins", doctor.Failure, `bank: does not start: the setting "here" is missing`, "plugin_settings"},
		"no broker": {func(t *testing.T, p *doctor.Patient) {
			p.Config.BusURLFile = filepath.Join(t.TempDir(), "url")
			require.NoError(t, os.WriteFile(p.Config.BusURLFile, []byte("nats://ana:Canary-77@127.0.0.1:1"), 0o600))
		}, "event bus", doctor.Warning, "no broker answers", "see that the NATS server runs"},
		"a broker without an address": {func(t *testing.T, p *doctor.Patient) {
			p.Config.BusURLFile = filepath.Join(t.TempDir(), "url")
			require.NoError(t, os.WriteFile(p.Config.BusURLFile, []byte("https://ana:Canary-77@127.0.0.1:1"), 0o600))
		}, "settings", doctor.Failure, "bus_url_file", "refuses to start"},
		"no plugins": {func(*testing.T, *doctor.Patient) {}, "plugins", doctor.Warning, "there are none", "put plugins into"},
		"a clock of long ago": {func(_ *testing.T, p *doctor.Patient) { p.Now = time.Unix(0, 0) },
			"clock", doctor.Failure, "1970-01-01", "set the clock"},
		"a clock that was put back": {func(_ *testing.T, p *doctor.Patient) { p.Now = p.Now.Add(-time.Hour) },
			"clock", doctor.Failure, "before the last write", "set the clock"},
		"an address that is taken": {func(_ *testing.T, p *doctor.Patient) { p.Config.Listen = taken.Addr().String() },
			"address", doctor.Warning, "is taken", "--listen"},
		"an address of nobody": {func(_ *testing.T, p *doctor.Patient) { p.Config.Listen = "192.0.2.1:80" },
			"address", doctor.Failure, "cannot be listened on", "--listen"},
		"a disk nearly full": {func(_ *testing.T, p *doctor.Patient) { p.Free = func(string) (uint64, error) { return 500 << 20, nil } },
			"disk", doctor.Warning, "500 MiB are free", "make room soon"},
		"a full disk": {func(_ *testing.T, p *doctor.Patient) { p.Free = func(string) (uint64, error) { return 1 << 20, nil } },
			"disk", doctor.Failure, "1 MiB are free", "make room"},
		"a disk that tells nothing": {func(_ *testing.T, p *doctor.Patient) {
			p.Free = func(string) (uint64, error) { return 0, errors.New("not here") }
		}, "disk", doctor.Warning, "not known", "df"},
		"settings of production": {func(_ *testing.T, p *doctor.Patient) { p.Config.Environment = setting.Production },
			"settings", doctor.Failure, "public_url is needed", "refuses to start"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			patient := healthy(t)
			c.harm(t, &patient)
			found := doctor.Examine(context.WithoutCancel(t.Context()), patient)
			for _, f := range found {
				require.NotContains(t, f.Says, "Canary-77")
				if f.Check == c.check && f.State == c.state && strings.Contains(f.Says, c.says) {
					require.Contains(t, f.Mend, c.mends)
					return
				}
			}
			require.Fail(t, "it was not found", "%+v", found)
		})
	}
}

// Looking at a patient in good health finds nothing and changes nothing.
func TestExamine_leaves_the_healthy_alone(t *testing.T) {
	t.Parallel()
	patient := healthy(t)
	found := doctor.Examine(t.Context(), patient)
	require.Equal(t, doctor.Warning, doctor.Worst(found), "%+v", found)
	for _, f := range found {
		require.True(t, f.State == doctor.OK || f.Check == "plugins", "%+v", f)
	}
	require.Equal(t, doctor.OK, doctor.Worst(found[:1]))
	require.Equal(t, doctor.Failure, doctor.Worst(append(found, doctor.Finding{State: doctor.Failure})))
	free, err := doctor.Free(patient.Config.Data)
	require.NoError(t, err)
	require.Positive(t, free)
	require.NoFileExists(t, filepath.Join(patient.Config.Data, "environment"))
}
