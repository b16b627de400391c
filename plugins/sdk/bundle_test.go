package sdk_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestBundle_is_read_by_its_own_version_alone(t *testing.T) {
	t.Parallel()
	type state struct{ Token string }
	packed := sdk.Pack(3, state{"canary"})
	var read state
	require.NoError(t, packed.Unpack(3, &read))
	require.Equal(t, state{"canary"}, read)

	require.NoError(t, sdk.Bundle{}.Unpack(3, &read), "an empty one changes nothing")
	require.Equal(t, state{"canary"}, read)

	for name, bundle := range map[string]sdk.Bundle{
		"another version":    sdk.Pack(2, state{"canary"}),
		"not of this plugin": {Version: 3, Data: []byte(`"canary`)},
	} {
		var failure *sdk.Failure
		require.ErrorAs(t, bundle.Unpack(3, &read), &failure, name)
		require.Equal(t, sdk.SecretUnreadable, failure.Code, name)
		require.NotContains(t, failure.Error(), "canary", name)
	}
	require.Panics(t, func() { sdk.Pack(1, func() {}) })
}
