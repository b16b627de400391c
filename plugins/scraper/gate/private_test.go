package gate

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A name of the bank that leads into our own network is not the bank.
func TestAddresses_behind_names(t *testing.T) {
	t.Parallel()
	for address, public := range map[string]bool{
		"192.0.2.1:443": true, "[2001:db8::1]:443": true, "127.0.0.1:443": false, "[::1]:443": false, "10.1.2.3:80": false, "192.168.1.1:80": false,
		"169.254.169.254:80": false, "[::ffff:127.0.0.1]:80": false, "[fd00::1]:80": false, "0.0.0.0:80": false, "nonsense": false,
	} {
		require.Equal(t, public, publicOnly("tcp", address, nil) == nil, address)
	}
	require.True(t, literal("127.0.0.1"))
	require.True(t, literal("localhost"))
	require.False(t, literal("bank.example"))
}
