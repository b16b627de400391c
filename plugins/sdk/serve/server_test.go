package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// scripted is a provider of functions.
type scripted struct {
	begin func(context.Context) (sdk.Step, error)
	fetch func(context.Context, sdk.Sink) error
}

func (scripted) Describe(context.Context) (sdk.Description, error) { return sdk.Description{}, nil }
func (s scripted) Begin(ctx context.Context, _ sdk.BeginRequest) (sdk.Step, error) {
	return s.begin(ctx)
}
func (s scripted) Continue(ctx context.Context, _ sdk.ContinueRequest) (sdk.Step, error) {
	return s.begin(ctx)
}
func (s scripted) Fetch(ctx context.Context, _ sdk.FetchRequest, sink sdk.Sink) error {
	return s.fetch(ctx, sink)
}

// called is a cause with the number of a call.
type called string

func (c called) Error() string     { return "hunter2" }
func (c called) Reference() string { return string(c) }

type refreshing struct{ scripted }

func (refreshing) Refresh(context.Context, sdk.RefreshRequest) (sdk.Ready, error) {
	return sdk.Ready{Secrets: sdk.Bundle{Version: 1, Data: []byte("new")}}, nil
}

func beginning(begin func(context.Context) (sdk.Step, error)) (*server, *bytes.Buffer) {
	notes := &bytes.Buffer{}
	return &server{provider: scripted{begin: begin}, report: reporter(notes)}, notes
}

func requireCrossed(t *testing.T, err error, code sdk.Code) {
	t.Helper()
	failure, ok := errors.AsType[*sdk.Failure](wire.FailureFrom(t.Context(), err))
	require.True(t, ok)
	require.Equal(t, code, failure.Code)
	require.NotContains(t, fmt.Sprintf("%+v %+v", err, failure), "hunter2")
}

func TestFailuresCrossAndTextsDoNot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		begin func(context.Context) (sdk.Step, error)
		code  sdk.Code
		note  string
	}{
		"typed failure": {
			func(context.Context) (sdk.Step, error) {
				return sdk.Step{}, sdk.Fail(sdk.AuthFailed, errors.New("hunter2"))
			}, sdk.AuthFailed, "Begin: AUTH_FAILED (*errors.errorString)",
		},
		"a failure that the bank can look up": {
			func(context.Context) (sdk.Step, error) {
				return sdk.Step{}, sdk.Fail(sdk.BadData, called("7b1a-9"))
			}, sdk.BadData, "Begin: BAD_DATA (serve.called): reference 7b1a-9",
		},
		"a reference that is none": {
			func(context.Context) (sdk.Step, error) {
				return sdk.Step{}, sdk.Fail(sdk.BadData, called("hunter2 is the password"))
			}, sdk.BadData, "Begin: BAD_DATA (serve.called)\n",
		},
		"unknown error": {
			func(context.Context) (sdk.Step, error) {
				return sdk.Step{}, fmt.Errorf("hunter2: %w", context.Canceled)
			},
			sdk.Technical, "Begin: *fmt.wrapError",
		},
		"panic": {
			func(context.Context) (sdk.Step, error) { panic("hunter2") },
			sdk.Technical, "server_test.go:",
		},
		"out of range": {
			func(context.Context) (sdk.Step, error) {
				return sdk.Step{}, errors.New(os.Args[1<<20])
			},
			sdk.Technical, "server_test.go:",
		},
		"breach of the contract": {
			func(context.Context) (sdk.Step, error) { return sdk.Step{}, nil },
			sdk.BadData, "exactly one of challenge and ready",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, notes := beginning(c.begin)
			_, err := s.Begin(t.Context(), &wire.BeginRequest{})
			requireCrossed(t, err, c.code)
			require.Contains(t, notes.String(), c.note)
			require.NotContains(t, notes.String(), "hunter2")
		})
	}
}

func TestCapabilitiesAreDerived(t *testing.T) {
	t.Parallel()
	for want, provider := range map[sdk.Capabilities]sdk.Provider{
		{}:              scripted{},
		{Refresh: true}: refreshing{},
	} {
		s := &server{provider: provider, report: func(string, error) {}}
		answer, err := s.Describe(t.Context(), &wire.DescribeRequest{})
		require.NoError(t, err)
		require.Equal(t, want, answer.GetCapabilities().SDK())
		_, err = s.Refresh(t.Context(), &wire.RefreshRequest{})
		require.Equal(t, want.Refresh, err == nil)
		_, err = s.End(t.Context(), &wire.EndRequest{})
		requireCrossed(t, err, sdk.NotSupported)
	}
}

func TestTheTraceOfTheCallerArrives(t *testing.T) {
	t.Parallel()
	var got map[string]string
	s, _ := beginning(func(ctx context.Context) (sdk.Step, error) {
		got = sdk.Trace(ctx)
		return sdk.Step{Ready: &sdk.Ready{}}, nil
	})
	want := map[string]string{"traceparent": "00-1-2-01"}
	_, err := s.Begin(t.Context(), &wire.BeginRequest{Trace: want})
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.Nil(t, sdk.Trace(sdk.WithTrace(t.Context(), nil)))
}

// What is wrong with one account of several is noted as well.
func TestFailuresOfAccountsAreNoted(t *testing.T) {
	t.Parallel()
	notes := &bytes.Buffer{}
	s := &server{report: reporter(notes), provider: scripted{fetch: func(_ context.Context, out sdk.Sink) error {
		require.NoError(t, out.Send(sdk.AccountItem{Account: sdk.Account{Ref: "1", BankID: "1", Type: sdk.Checkings, Currency: "EUR"}}))
		return out.Send(sdk.AccountFailureItem{Account: "1", Scope: sdk.ScopeBalances, Failure: *sdk.Fail(sdk.Blocked, called("7b1a-9"))})
	}}}
	require.NoError(t, s.Fetch(&wire.FetchRequest{}, &stream{ctx: t.Context()}))
	require.Equal(t, "Fetch of an account: BLOCKED (serve.called): reference 7b1a-9\n", notes.String())
}

// stream keeps what is sent.
type stream struct {
	grpc.ServerStreamingServer[wire.Item]
	ctx  context.Context
	sent []*wire.Item
}

func (s *stream) Context() context.Context { return s.ctx }
func (s *stream) Send(item *wire.Item) error {
	s.sent = append(s.sent, item)
	return nil
}

func TestAccountsMayBeReadInParallel(t *testing.T) {
	t.Parallel()
	s := &server{report: func(string, error) {}, provider: scripted{fetch: func(_ context.Context, sink sdk.Sink) error {
		var reading sync.WaitGroup
		for i := range 20 {
			reading.Go(func() {
				ref := fmt.Sprint(i)
				_ = sink.Send(sdk.AccountItem{Account: sdk.Account{Ref: ref, Type: sdk.Loan, Currency: "EUR"}})
				_ = sink.Send(sdk.AccountDoneItem{Account: ref})
			})
		}
		reading.Wait()
		return nil
	}}}
	out := &stream{ctx: t.Context()}
	require.NoError(t, s.Fetch(&wire.FetchRequest{}, out))
	require.Len(t, out.sent, 40)
}

func TestAnItemThatBreaksTheContractIsRefusedEarly(t *testing.T) {
	t.Parallel()
	s := &server{report: func(string, error) {}, provider: scripted{fetch: func(_ context.Context, sink sdk.Sink) error {
		return sink.Send(sdk.BalancesItem{Account: "1"})
	}}}
	out := &stream{ctx: t.Context()}
	requireCrossed(t, s.Fetch(&wire.FetchRequest{}, out), sdk.BadData)
	require.Empty(t, out.sent)
}
