package pgcluster_test

import (
	"context"
	"net"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// A killed server is gone at once, and comes back with what it acknowledged.
func TestAKilledClusterRecovers(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	c, err := pgcluster.Start(ctx, "synchronous_commit=on")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, c.Stop()) })
	name, err := c.Create(ctx, "")
	require.NoError(t, err)
	copied, err := c.Create(ctx, name)
	require.NoError(t, err)
	require.NoError(t, c.Kill())
	_, err = net.Dial("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(c.Port())))
	require.Error(t, err, "nobody listens")
	require.NoError(t, c.Resume(ctx))
	require.NoError(t, c.Drop(ctx, copied), "the last thing that was acknowledged is there")
}
