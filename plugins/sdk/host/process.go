package host

import (
	"context"
	"errors"
	"sync"
	"time"

	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// patience is how long a plugin that was asked to end may take.
const patience = 2 * time.Second

// Process is a running plugin. Its methods may be called concurrently.
type Process struct {
	cfg          Config
	runner       *runner
	client       *goplugin.Client
	conn         *grpc.ClientConn
	rpc          wire.ProviderClient
	capabilities sdk.Capabilities
	description  sdk.Description
	shut         func()
	done         chan struct{}
	turns        chan struct{} // one place for each call in flight

	mu      sync.Mutex
	closing bool
	broken  bool
	calls   sync.WaitGroup
	live    map[string]bool // sessions that live in this process only
}

// Provider gives the plugin as what it implements: a Refresher or Ender only
// where it is one. Every call wants a context with a deadline.
func (p *Process) Provider() sdk.Provider {
	c := caller{p}
	switch p.capabilities {
	case sdk.Capabilities{Refresh: true, End: true}:
		return struct {
			caller
			refresher
			ender
		}{c, refresher{p}, ender{p}}
	case sdk.Capabilities{Refresh: true}:
		return struct {
			caller
			refresher
		}{c, refresher{p}}
	case sdk.Capabilities{End: true}:
		return struct {
			caller
			ender
		}{c, ender{p}}
	}
	return c
}

// Description is what the plugin told at its start.
func (p *Process) Description() sdk.Description { return p.description }

// Pid is the process's number.
func (p *Process) Pid() int { return p.runner.number() }

// Done is closed when the process has ended and nothing of it is left.
func (p *Process) Done() <-chan struct{} { return p.done }

// Ended tells how the process ended, such as "exit status 7"; nil before Done
// is closed, and when it ended in order.
func (p *Process) Ended() error {
	select {
	case <-p.done:
		return p.runner.failed
	default:
		return nil
	}
}

// Ping asks whether the plugin still answers. It takes no place among the calls
// in flight: when all of them hang, this is how one learns of it.
func (p *Process) Ping(ctx context.Context) error {
	if _, ok := ctx.Deadline(); !ok {
		return &sdk.Failure{Code: sdk.Technical, Whose: sdk.Host, Cause: errNoDeadline}
	}
	return p.inTurn(ctx, "", func() error { return p.ping(ctx) })
}

func (p *Process) ping(ctx context.Context) error {
	_, err := grpc_health_v1.NewHealthClient(p.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{Service: goplugin.GRPCServiceName})
	return err
}

// Close refuses new calls, waits up to grace for those in flight, and ends the
// process. It may be called more than once, and returns when nothing is left.
func (p *Process) Close(grace time.Duration) {
	p.mu.Lock()
	p.closing = true
	p.mu.Unlock()
	idle := make(chan struct{})
	go func() {
		defer close(idle)
		p.calls.Wait()
	}()
	limit := time.NewTimer(grace)
	defer limit.Stop()
	select {
	case <-idle:
	case <-limit.C:
	case <-p.runner.exited:
	}
	p.shut()
	<-p.done
	<-idle
}

func (p *Process) started() bool { return p.runner.number() != 0 }

// watch clears away the connection when the process ends by itself.
func (p *Process) watch() {
	<-p.runner.exited
	p.shut()
	close(p.done)
}

var (
	errNoDeadline = errors.New("host: a call of a plugin wants a deadline")
	errClosing    = errors.New("host: the plugin is being closed")
)

// call runs one call: with a deadline, in its turn, and translated into a
// typed failure. session is "" when it is about none.
func (p *Process) call(ctx context.Context, session string, run func() error) error {
	if _, ok := ctx.Deadline(); !ok {
		return &sdk.Failure{Code: sdk.Technical, Whose: sdk.Host, Cause: errNoDeadline}
	}
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return wire.FailureFrom(ctx, ctx.Err())
	}
	return p.inTurn(ctx, session, run)
}

// inTurn is call for one that has its turn, or needs none.
func (p *Process) inTurn(ctx context.Context, session string, run func() error) error {
	if !p.enter() {
		return &sdk.Failure{Code: sdk.Technical, Whose: sdk.Host, Cause: errClosing}
	}
	defer p.calls.Done()
	return p.judge(ctx, session, run())
}

func (p *Process) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closing {
		return false
	}
	p.calls.Add(1)
	return true
}

// Usable tells whether new calls have a chance: not after Close, and not once
// the process has ended or the connection to it has broken.
func (p *Process) Usable() bool {
	select {
	case <-p.runner.exited:
		return false
	default:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return !p.closing && !p.broken
}

// abandon ends a process that can no longer be reached.
func (p *Process) abandon() {
	p.mu.Lock()
	p.broken = true
	p.mu.Unlock()
	p.runner.kill()
}

// InFlight is how many calls run now.
func (p *Process) InFlight() int { return len(p.turns) }
