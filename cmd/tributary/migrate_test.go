package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"math/big"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/node"
)

// R12: a migration that is killed anywhere is completed by the next one.
func TestMigrate_is_completed_after_kills(t *testing.T) {
	t.Parallel()
	whole := folder(t)
	require.Zero(t, call(t, nil, "migrate", "up", "--data", whole).status)
	for range repeats(4) {
		data := folder(t)
		command := program(context.Background(), "migrate", "up", "--data", data)
		require.NoError(t, command.Start())
		pause, err := rand.Int(rand.Reader, big.NewInt(int64(150*time.Millisecond)))
		require.NoError(t, err)
		timer := time.NewTimer(time.Duration(pause.Int64()))
		<-timer.C
		_ = command.Process.Kill()
		_ = command.Wait()
		s := call(t, nil, "migrate", "up", "--data", data)
		require.Zero(t, s.status, s.log)
		require.Equal(t, tables(t, whole), tables(t, data))
		require.Zero(t, call(t, nil, "client", "create", "--data", data, "--name", "one").status)
	}
}

// tables is everything that migrations made, the jobs' tables included.
func tables(t *testing.T, data string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite", node.Database(data))
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	rows, err := db.QueryContext(t.Context(), "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name")
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	for rows.Next() {
		var statement string
		require.NoError(t, rows.Scan(&statement))
		all = append(all, statement)
	}
	require.NoError(t, rows.Err())
	var sound string
	require.NoError(t, db.QueryRowContext(t.Context(), "PRAGMA integrity_check").Scan(&sound))
	require.Equal(t, "ok", sound)
	return all
}
