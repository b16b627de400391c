package refusal_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Every status that says no is a typed failure, at the right door.
func TestStatuses(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]sdk.Code{
		400: sdk.Technical, 401: sdk.TokenExpired, 403: sdk.Blocked, 404: sdk.BadData, 405: sdk.NotSupported, 406: sdk.NotSupported, 408: sdk.ProviderUnavailable,
		410: sdk.BadData, 415: sdk.NotSupported, 429: sdk.RateLimited, 500: sdk.ProviderUnavailable, 503: sdk.ProviderUnavailable, 599: sdk.ProviderUnavailable,
	} {
		failure := refusal.Fail(refusal.OfStatus(status, false), true, time.Time{}, errors.New("canary"))
		require.Equal(t, want, failure.Code, status)
		require.NotContains(t, failure.Error(), "canary")
	}
	require.Equal(t, sdk.SecretStale, refusal.Fail(refusal.OfStatus(401, true), true, time.Time{}, nil).Code)
	require.Equal(t, sdk.TokenExpired, refusal.Fail(refusal.OfStatus(401, true), false, time.Time{}, nil).Code)
	require.Equal(t, sdk.Host, refusal.Fail(refusal.Ours, false, time.Time{}, nil).Whose)
}

// What the user has to know is said in both languages.
func TestMessages(t *testing.T) {
	t.Parallel()
	for m := refusal.Exhausted; m <= refusal.Elsewhere; m++ {
		failure := refusal.Fail(m, false, time.Time{}, nil)
		if failure.Whose == sdk.User || failure.Code == sdk.RateLimited || failure.Code == sdk.Blocked {
			require.NotEmpty(t, failure.Message["en"], failure.Code)
			require.NotEmpty(t, failure.Message["fr"], failure.Code)
		}
	}
}

// What was given to another client is not shown to its bank; of what was kept before this was known nothing is said.
func TestAnother(t *testing.T) {
	t.Parallel()
	require.NoError(t, refusal.Another("me", "me"))
	require.NoError(t, refusal.Another("", "me"))
	var failure *sdk.Failure
	require.ErrorAs(t, refusal.Another("me", "somebody"), &failure)
	require.Equal(t, sdk.Technical, failure.Code)
	require.Equal(t, sdk.Host, failure.Whose)
	require.NotContains(t, failure.Error(), "somebody")
}

func TestRetryAt(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 15, 10, 0, 0, 0, time.UTC)
	require.Equal(t, now.Add(time.Hour), refusal.RetryAt("3600", now))
	require.Equal(t, now.Add(time.Hour), refusal.RetryAt("Sun, 15 Mar 2026 11:00:00 GMT", now))
	for _, text := range []string{"", "-1", "soon", "99999999999"} {
		require.True(t, refusal.RetryAt(text, now).IsZero(), text)
	}
}
