package pluginhost

import (
	"context"
	"errors"

	"github.com/tributary-dev/tributary/plugins/sdk"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// failureOf translates a plugin's failure.
func failureOf(f *sdk.Failure) *port.Failure {
	return &port.Failure{
		Code: port.Code(f.Code), Whose: port.Whose(f.Whose), Message: textOf(f.Message),
		Fields: f.Fields, URL: f.URL, RetryAt: f.RetryAt, Err: f.Cause,
	}
}

// failed translates whatever a call ended with: a cancelled context stays what
// it is, all else becomes a failure of the port.
func failed(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		return ctx.Err()
	}
	if failure, ok := errors.AsType[*port.Failure](err); ok {
		return failure
	}
	if failure, ok := errors.AsType[*sdk.Failure](err); ok {
		out := failureOf(failure)
		if _, bare := err.(*sdk.Failure); !bare { //nolint:errorlint // the sentence around it is wanted
			out.Err = err
		}
		return pausing(out, err)
	}
	out := &port.Failure{Code: port.Technical, Whose: port.Host, Err: err}
	if _, ok := errors.AsType[errPausing](err); ok {
		out.Whose = port.Plugin
	}
	return pausing(out, err)
}

// pausing adds when a plugin that is left alone is tried again.
func pausing(out *port.Failure, err error) *port.Failure {
	if e, ok := errors.AsType[errPausing](err); ok {
		out.RetryAt = e.until
	}
	return out
}

// badData says that what the plugin told is no value of the domain.
func badData(err error) *port.Failure {
	return &port.Failure{Code: port.BadData, Whose: port.Plugin, Err: err}
}
