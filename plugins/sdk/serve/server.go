package serve

import (
	"context"
	"errors"

	"google.golang.org/grpc"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// server answers the protocol with a provider.
type server struct {
	wire.UnimplementedProviderServer
	provider sdk.Provider
	// report tells the operator about an error that does not travel.
	report func(call string, err error)
}

func (s *server) Describe(ctx context.Context, req *wire.DescribeRequest) (*wire.DescribeResponse, error) {
	return answer(ctx, s, "Describe", func() (*wire.DescribeResponse, error) {
		d, err := s.provider.Describe(sdk.WithTrace(ctx, req.GetTrace()))
		if err != nil {
			return nil, err
		}
		return &wire.DescribeResponse{
			Description:  wire.DescriptionOf(d),
			Capabilities: wire.CapabilitiesOf(sdk.CapabilitiesOf(s.provider)),
		}, nil
	})
}

func (s *server) Begin(ctx context.Context, req *wire.BeginRequest) (*wire.Step, error) {
	return answer(ctx, s, "Begin", func() (*wire.Step, error) {
		return stepOf(s.provider.Begin(sdk.WithTrace(ctx, req.GetTrace()), req.SDK()))
	})
}

func (s *server) Continue(ctx context.Context, req *wire.ContinueRequest) (*wire.Step, error) {
	return answer(ctx, s, "Continue", func() (*wire.Step, error) {
		return stepOf(s.provider.Continue(sdk.WithTrace(ctx, req.GetTrace()), req.SDK()))
	})
}

func (s *server) Refresh(ctx context.Context, req *wire.RefreshRequest) (*wire.Ready, error) {
	return answer(ctx, s, "Refresh", func() (*wire.Ready, error) {
		refresher, ok := s.provider.(sdk.Refresher)
		if !ok {
			return nil, sdk.Fail(sdk.NotSupported, nil)
		}
		ready, err := refresher.Refresh(sdk.WithTrace(ctx, req.GetTrace()), req.SDK())
		if err != nil {
			return nil, err
		}
		return wire.ReadyOf(ready), untrue(contract.Ready(ready))
	})
}

func (s *server) End(ctx context.Context, req *wire.EndRequest) (*wire.EndResponse, error) {
	return answer(ctx, s, "End", func() (*wire.EndResponse, error) {
		ender, ok := s.provider.(sdk.Ender)
		if !ok {
			return nil, sdk.Fail(sdk.NotSupported, nil)
		}
		return &wire.EndResponse{}, ender.End(sdk.WithTrace(ctx, req.GetTrace()), req.SDK())
	})
}

func (s *server) Fetch(req *wire.FetchRequest, stream grpc.ServerStreamingServer[wire.Item]) error {
	ctx := sdk.WithTrace(stream.Context(), req.GetTrace())
	_, err := answer(ctx, s, "Fetch", func() (struct{}, error) {
		return struct{}{}, s.provider.Fetch(ctx, req.SDK(), &sink{send: stream.Send, report: s.report})
	})
	return err
}

func stepOf(step sdk.Step, err error) (*wire.Step, error) {
	if err != nil {
		return nil, err
	}
	return wire.StepOf(step), untrue(contract.Step(step))
}

// answer runs one call of the provider. A panic ends the call, not the
// process: other sessions live in it. What a call fails with after its caller
// has left is nobody's news.
func answer[T any](ctx context.Context, s *server, call string, run func() (T, error)) (out T, err error) {
	defer func() {
		p := recover()
		if p != nil {
			err = panicked(p)
		}
		if err != nil {
			var nothing T
			if p != nil || ctx.Err() == nil {
				s.report(call, err)
			}
			out, err = nothing, wire.StatusOf(err)
		}
	}()
	return run()
}

// breach is an answer that the contract does not allow. Its text names places
// and rules only, so that the author may read it.
type breach struct{ error }

func (b breach) Unwrap() error { return b.error }

func untrue(err error) error {
	if err == nil {
		return nil
	}
	return &sdk.Failure{Code: sdk.BadData, Whose: sdk.Plugin, Cause: breach{err}}
}

// isBreach finds the author's mistake in an error.
func isBreach(err error) (breach, bool) { return errors.AsType[breach](err) }
