package pgcluster_test

import (
	"context"
	"net"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

func TestAClusterComesAndGoes(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := pgcluster.Start(ctx)
	require.NoError(t, err)
	first, err := c.Create(ctx, "")
	require.NoError(t, err)
	second, err := c.Create(ctx, first)
	require.NoError(t, err)
	third, err := c.Copy(ctx, second)
	require.NoError(t, err)
	require.Len(t, map[string]bool{first: true, second: true, third: true}, 3)
	dump, err := c.Dump(ctx, third)
	require.NoError(t, err)
	require.Contains(t, string(dump), "PostgreSQL database dump complete")
	_, err = c.Create(ctx, "no_such_template")
	require.ErrorContains(t, err, "no_such_template")
	require.NoError(t, c.Drop(ctx, third))
	require.Error(t, c.Drop(ctx, third), "it is gone")
	require.NoError(t, c.Halt())
	require.Error(t, c.Drop(ctx, second), "nobody answers")
	require.NoError(t, c.Resume(ctx))
	require.NoError(t, c.Drop(ctx, second), "it is where it was")

	require.NoError(t, c.Stop())
	_, err = net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port())))
	require.Error(t, err, "nobody listens")
	require.NoDirExists(t, c.Folder())
	_, err = os.Stat(c.Folder())
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestAWrongSettingIsTold(t *testing.T) {
	t.Parallel()
	_, err := pgcluster.Start(t.Context(), "no_such_setting=1")
	require.ErrorContains(t, err, "no_such_setting")
}
