package wire

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestFailuresCrossWholeButForTheirCause(t *testing.T) {
	t.Parallel()
	sent := &sdk.Failure{
		Code: sdk.AuthFailed, Whose: sdk.User, Message: sdk.Text{"en": "No."}, Fields: []string{"password"},
		URL: "https://bank.example", RetryAt: time.Unix(1_800_000_000, 0).UTC(), Cause: errors.New("hunter2"),
	}
	crossed := StatusOf(fmt.Errorf("begin: %w", sent))
	require.NotContains(t, fmt.Sprintf("%+v", crossed), "hunter2")
	got, ok := errors.AsType[*sdk.Failure](FailureFrom(t.Context(), crossed))
	require.True(t, ok)
	want := *sent
	want.Cause = nil
	require.Equal(t, &want, got)
}

func TestTheTextOfAnUnknownErrorStaysBehind(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"foreign error":     errors.New("dial https://user:hunter2@bank.example: refused"),
		"nil failure":       (*sdk.Failure)(nil),
		"not UTF-8":         &sdk.Failure{Code: sdk.BadData, Message: sdk.Text{"en": "hunter2\xff"}},
		"status with words": status.Error(codes.NotFound, "hunter2"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			crossed := StatusOf(err)
			require.NotContains(t, fmt.Sprintf("%+v", crossed), "hunter2")
			got, ok := errors.AsType[*sdk.Failure](FailureFrom(t.Context(), crossed))
			require.True(t, ok)
			require.Equal(t, sdk.Technical, got.Code)
			require.Equal(t, sdk.Plugin, got.Whose)
		})
	}
}

func TestTransportErrorsBecomeFailures(t *testing.T) {
	t.Parallel()
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx   context.Context
		err   error
		code  sdk.Code
		whose sdk.Whose
	}{
		"the process died":   {t.Context(), status.Error(codes.Unavailable, "EOF"), sdk.Technical, sdk.Plugin},
		"the deadline":       {t.Context(), status.Error(codes.DeadlineExceeded, ""), sdk.Technical, sdk.Plugin},
		"the caller left":    {cancelled, status.Error(codes.Canceled, ""), sdk.Technical, sdk.Host},
		"too large":          {t.Context(), status.Error(codes.ResourceExhausted, ""), sdk.BadData, sdk.Plugin},
		"cannot be decoded":  {t.Context(), status.Error(codes.Internal, ""), sdk.BadData, sdk.Plugin},
		"not implemented":    {t.Context(), status.Error(codes.Unimplemented, ""), sdk.NotSupported, sdk.Plugin},
		"not from gRPC":      {t.Context(), errors.New("pipe"), sdk.Technical, sdk.Plugin},
		"code without words": {t.Context(), status.Error(codes.FailedPrecondition, "AUTH_FAILED"), sdk.Technical, sdk.Plugin},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := errors.AsType[*sdk.Failure](FailureFrom(c.ctx, c.err))
			require.True(t, ok)
			require.Equal(t, c.code, got.Code)
			require.Equal(t, c.whose, got.Whose)
		})
	}
	require.NoError(t, FailureFrom(t.Context(), nil))
	require.NoError(t, StatusOf(nil))
}
