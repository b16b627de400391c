package sdk_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestOnlyAResendSurvivesAFailure(t *testing.T) {
	t.Parallel()
	again, answer := sdk.ContinueRequest{Resend: true}, sdk.ContinueRequest{}
	for _, code := range []sdk.Code{sdk.NotSupported, sdk.RateLimited, sdk.ProviderUnavailable} {
		require.True(t, again.Survives(fmt.Errorf("again: %w", sdk.Fail(code, nil))))
		require.False(t, answer.Survives(sdk.Fail(code, nil)))
	}
	for _, err := range []error{nil, context.Canceled, sdk.Fail(sdk.ChallengeExpired, nil), sdk.Fail(sdk.SessionLost, nil), sdk.Fail(sdk.Technical, nil)} {
		require.False(t, again.Survives(err))
	}
}
