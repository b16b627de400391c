package wire

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// StatusOf makes the gRPC error of whatever a provider returned. A failure
// travels whole but for its cause; of any other error nothing but the fact
// crosses, since its text may hold a secret.
func StatusOf(err error) error {
	if err == nil {
		return nil
	}
	failure, ok := errors.AsType[*sdk.Failure](err)
	if !ok || failure == nil {
		failure = sdk.Fail(sdk.Technical, nil)
	}
	st, err := status.New(codes.FailedPrecondition, string(failure.Code)).WithDetails(FailureOf(failure))
	if err != nil { // a message that is not UTF-8, say
		return StatusOf(sdk.Fail(sdk.Technical, nil))
	}
	return st.Err()
}

// FailureFrom reads the failure in a gRPC error. Where there is none, the
// transport failed or the plugin is no good: the code says which, the server's
// text is not trusted and stays in the cause. ctx is that of the call.
func FailureFrom(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	st := status.Convert(err)
	for _, detail := range st.Details() {
		if failure, ok := detail.(*Failure); ok {
			return failure.SDK()
		}
	}
	if cause := ctx.Err(); cause != nil {
		return interrupted(cause)
	}
	switch st.Code() {
	case codes.DeadlineExceeded:
		return interrupted(context.DeadlineExceeded)
	case codes.Unimplemented:
		return &sdk.Failure{Code: sdk.NotSupported, Whose: sdk.Plugin, Cause: err}
	case codes.ResourceExhausted, codes.Internal:
		return &sdk.Failure{Code: sdk.BadData, Whose: sdk.Plugin, Cause: err}
	}
	return &sdk.Failure{Code: sdk.Technical, Whose: sdk.Plugin, Cause: err}
}

// interrupted says whose doing it was that a call did not end: the plugin's
// when it let the deadline pass, the caller's when it cancelled.
func interrupted(cause error) *sdk.Failure {
	whose := sdk.Plugin
	if errors.Is(cause, context.Canceled) {
		whose = sdk.Host
	}
	return &sdk.Failure{Code: sdk.Technical, Whose: whose, Cause: cause}
}
