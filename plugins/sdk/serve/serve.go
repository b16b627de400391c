// Package serve owns the life of a plugin's process: the handshake, the
// service, settings, and a quick end when the server is gone. It knows nothing
// of what the provider does.
//
// Invariants: nothing but the handshake is ever written to the standard output
// the server reads; no text of an error that is not a typed failure leaves the
// process; a panic of the provider ends one call and not the process.
package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/launch"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
	"github.com/tributary-dev/tributary/plugins/sdk/serve/internal/stdout"
)

// Factory makes the provider from the operator's settings. It must not contact
// a bank.
type Factory func(Settings) (sdk.Provider, error)

// Main runs the plugin and never returns. It is all that a plugin's main does.
//
// Started by a person instead of the server, it says what it is; with
// --describe it prints its description as JSON.
func Main(factory Factory) {
	watchParent()
	closeBinary()
	watchSignals()
	code := run(factory, os.Args, os.Environ(), stdout.Real(), os.Stderr)
	process.run()
	os.Exit(code)
}

func run(factory Factory, args, environ []string, out *os.File, notes io.Writer) int {
	if len(args) == 2 && args[1] == "--describe" {
		return describe(factory, environ, out, notes)
	}
	if os.Getenv(launch.Handshake.MagicCookieKey) != launch.Handshake.MagicCookieValue {
		_, _ = fmt.Fprintf(notes, "%s is a provider plugin of Tributary, protocol %d. It is started by the server: put it in the server's "+
			"folder of plugins.\nTo see what it provides: %s --describe\n", filepath.Base(args[0]), launch.Version, args[0])
		return 2
	}
	provider, err := factory(settingsFrom(environ))
	if err != nil {
		_, _ = fmt.Fprintf(notes, "%s%v\n", launch.CannotStart, err)
		return 1
	}
	if err := handshakeOn(out); err != nil {
		_, _ = fmt.Fprintf(notes, "%s%v\n", launch.CannotStart, err)
		return 1
	}
	goplugin.Serve(&goplugin.ServeConfig{
		HandshakeConfig: launch.Handshake,
		VersionedPlugins: map[int]goplugin.PluginSet{
			launch.Version: {launch.Service: &service{server: &server{provider: provider, report: reporter(notes)}}},
		},
		GRPCServer: func(opts []grpc.ServerOption) *grpc.Server {
			return grpc.NewServer(append(opts, grpc.MaxRecvMsgSize(contract.MaxMessage), grpc.MaxSendMsgSize(contract.MaxMessage))...)
		},
		Logger: hclog.New(&hclog.LoggerOptions{Level: hclog.Error, Output: notes}),
	})
	return 0
}

// describe prints the description, so that a person or a build can look at it.
func describe(factory Factory, environ []string, out, notes io.Writer) int {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	provider, err := factory(settingsFrom(environ))
	if err != nil {
		_, _ = fmt.Fprintf(notes, "%s%v\n", launch.CannotStart, err)
		return 1
	}
	d, err := provider.Describe(ctx)
	if err == nil {
		err = errors.Join(contract.Description(d), contract.Logos(d))
	}
	if err != nil {
		_, _ = fmt.Fprintf(notes, "cannot describe: %v\n", err)
		return 1
	}
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return 1
	}
	return 0
}

// service is the plugin's side of go-plugin.
type service struct {
	goplugin.NetRPCUnsupportedPlugin
	server *server
}

// GRPCServer implements goplugin.GRPCPlugin.
func (s *service) GRPCServer(_ *goplugin.GRPCBroker, g *grpc.Server) error {
	wire.RegisterProviderServer(g, s.server)
	return nil
}

// GRPCClient implements goplugin.GRPCPlugin; the plugin's side has no use for it.
func (s *service) GRPCClient(context.Context, *goplugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, fmt.Errorf("serve: this is the plugin's side")
}
