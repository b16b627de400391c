package sdk_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestFailure(t *testing.T) {
	t.Parallel()
	cause := errors.New("hunter2")
	err := fmt.Errorf("begin: %w", sdk.Fail(sdk.AuthFailed, cause))
	require.ErrorIs(t, err, sdk.Fail(sdk.AuthFailed, nil))
	require.NotErrorIs(t, err, sdk.Fail(sdk.Blocked, nil))
	require.ErrorIs(t, err, cause, "inside the process the cause is found")
	require.NotContains(t, err.Error(), "hunter2")
	require.Equal(t, sdk.User, sdk.Fail(sdk.AuthFailed, nil).Whose)
	require.Equal(t, sdk.Bank, sdk.Fail(sdk.RateLimited, nil).Whose)
	require.Equal(t, sdk.Plugin, sdk.Fail(sdk.SessionLost, nil).Whose)
}

func TestSecretsDoNotPrint(t *testing.T) {
	t.Parallel()
	request := sdk.BeginRequest{
		Credentials: sdk.Secrets{"password": "hunter2"}, Secrets: sdk.Bundle{Version: 1, Data: []byte("hunter2")},
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		printed := fmt.Sprintf(verb, request)
		require.NotContains(t, printed, "hunter2", verb)
		require.NotContains(t, printed, "104 117 110", verb)
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	require.Equal(t, sdk.Capabilities{}, sdk.CapabilitiesOf(nil))
}
