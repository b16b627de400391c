package passwordstest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/passwords"
	"github.com/tributary-dev/tributary/ports/passwords/passwordstest"
)

func TestFake(t *testing.T) {
	t.Parallel()
	passwordstest.Run(t, func(*testing.T) passwords.Hasher { return passwordstest.NewFake() })
}

func TestFake_counts_its_work(t *testing.T) {
	t.Parallel()
	fake := passwordstest.NewFake()
	hash, err := fake.Hash(t.Context(), secret.New("a"))
	require.NoError(t, err)
	for _, h := range []string{hash, "", "broken"} {
		before := fake.Work()
		_, err := fake.Verify(t.Context(), h, secret.New("a"))
		require.NoError(t, err)
		require.Equal(t, before+1, fake.Work())
	}
}
