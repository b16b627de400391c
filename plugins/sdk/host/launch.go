package host

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	gorunner "github.com/hashicorp/go-plugin/runner"
	"google.golang.org/grpc"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/launch"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// Launch starts a plugin and asks it what it provides. The process lives until
// Close; ctx bounds the start only. An error names the plugin and the reason
// for the operator, wraps a [*sdk.Failure], and leaves nothing running.
func Launch(ctx context.Context, cfg Config) (*Process, error) {
	cfg = cfg.withDefaults()
	env, err := cfg.environment()
	if err != nil {
		return nil, refused(cfg, sdk.Host, err)
	}
	binary, err := openPinned(cfg.Path, cfg.SHA256)
	if err != nil {
		return nil, refused(cfg, sdk.Host, err)
	}
	sockets, err := os.MkdirTemp("", "tributary-")
	if err != nil {
		closeAll(binary)
		return nil, refused(cfg, sdk.Host, err)
	}
	ctx, cancel := context.WithTimeout(ctx, cfg.StartTimeout)
	defer cancel()
	p := newProcess(cfg, env, binary, sockets)
	stop := context.AfterFunc(ctx, p.runner.kill)
	defer stop()
	if err := p.connect(ctx); err != nil {
		started := p.started()
		if !started {
			_ = binary.Close()
		}
		p.shut()
		if started {
			p.runner.kill()
			err = cmp.Or(p.runner.says(), err)
		}
		return nil, refused(cfg, sdk.Plugin, errors.Join(err, ctx.Err()))
	}
	return p, nil
}

func refused(cfg Config, whose sdk.Whose, cause error) error {
	failure := &sdk.Failure{Code: sdk.Technical, Whose: whose, Cause: cause}
	reason := cause.Error()
	return fmt.Errorf("plugin %s does not start: %s: %w", cfg.Name, printable(reason[:min(len(reason), 1024)]), failure)
}

// newProcess prepares a start. go-plugin's client and everything it is given
// serve one launch only: one that failed never works again.
func newProcess(cfg Config, env []string, binary *os.File, sockets string) *Process {
	cmd := exec.CommandContext(context.Background(), cfg.Path) // it outlives the start
	cmd.Env = env
	p := &Process{
		cfg: cfg, runner: newRunner(cfg, cmd), done: make(chan struct{}),
		turns: make(chan struct{}, cfg.InFlight), live: map[string]bool{},
	}
	stdout, stderr := newSynced(cfg.Logger, "stdout"), newSynced(cfg.Logger, "stderr")
	client := goplugin.NewClient(&goplugin.ClientConfig{
		HandshakeConfig:  launch.Handshake,
		VersionedPlugins: map[int]goplugin.PluginSet{launch.Version: {launch.Service: dialled{}}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		AutoMTLS:         true,
		UnixSocketConfig: &goplugin.UnixSocketConfig{TempDir: sockets},
		SkipHostEnv:      true,
		StartTimeout:     cfg.StartTimeout,
		RunnerFunc: func(_ hclog.Logger, spec *exec.Cmd, _ string) (gorunner.Runner, error) {
			cmd.Env = append(cmd.Env, spec.Env...)
			return adapter{runner: p.runner, binary: binary}, nil
		},
		SyncStdout: stdout,
		SyncStderr: stderr,
		Logger:     hclog.NewNullLogger(),
		GRPCDialOptions: []grpc.DialOption{grpc.WithDefaultCallOptions(
			grpc.MaxCallRecvMsgSize(cfg.MaxMessage), grpc.MaxCallSendMsgSize(cfg.MaxMessage))},
	})
	p.client = client
	p.shut = sync.OnceFunc(func() {
		// go-plugin asks a process to end without a deadline: a stopped one
		// would never answer.
		last := time.AfterFunc(patience, p.runner.kill)
		defer last.Stop()
		client.Kill()
		stdout.close()
		stderr.close()
		_ = os.RemoveAll(sockets)
	})
	return p
}

// connect starts the process, shakes hands and reads the description.
func (p *Process) connect(ctx context.Context) error {
	protocol, err := p.client.Client()
	if err != nil {
		return err
	}
	go p.watch()
	raw, err := protocol.Dispense(launch.Service)
	if err != nil {
		return err
	}
	conn, ok := raw.(*grpc.ClientConn)
	if !ok {
		return fmt.Errorf("the connection is a %T", raw)
	}
	p.conn = conn
	p.rpc = wire.NewProviderClient(p.conn)
	answer, err := p.rpc.Describe(ctx, &wire.DescribeRequest{})
	if err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	p.capabilities = answer.GetCapabilities().SDK()
	p.description = answer.GetDescription().SDK()
	if err := contract.Description(p.description); err != nil {
		return fmt.Errorf("describe: %w", err)
	}
	return nil
}

// dialled is the server's side of go-plugin: it hands out the connection.
type dialled struct {
	goplugin.NetRPCUnsupportedPlugin
}

// GRPCServer implements goplugin.GRPCPlugin; the server's side has no use for it.
func (dialled) GRPCServer(*goplugin.GRPCBroker, *grpc.Server) error {
	return errors.New("host: this is the server's side")
}

// GRPCClient implements goplugin.GRPCPlugin.
func (dialled) GRPCClient(_ context.Context, _ *goplugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}
