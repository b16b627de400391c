// Command tributary is the server and its command line. It only puts parts
// together: what they do lives in adapters and core.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// version is set by the linker.
var version = "dev"

type commands struct {
	Sandbox sandboxCommand `cmd:"" help:"Start a complete sandbox: server, plugins, test bank, one demo client."`
	Demo    demoCommand    `cmd:"" help:"Play the main job in a terminal, over HTTP, against a sandbox."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Write the description of the API."`
	Version versionCommand `cmd:"" help:"Say which version this is."`
}

// streams are where a command writes.
type streams struct{ out, log io.Writer }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr}))
}

// run is main for tests: 0 is success, 1 a failure, 2 a wrong call.
func run(ctx context.Context, args []string, std streams) int {
	var c commands
	code := -1
	parser, err := kong.New(&c, kong.Name("tributary"), kong.UsageOnError(), kong.Writers(std.out, std.log),
		kong.Description("Tributary: open, self-hosted bank-account aggregation."),
		kong.Exit(func(status int) { code = status }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std))
	if err != nil {
		fmt.Fprintln(std.log, "tributary:", err)
		return 2
	}
	call, err := parser.Parse(args)
	if code >= 0 { // --help printed itself
		return code
	}
	if err != nil {
		fmt.Fprintln(std.log, "tributary:", err)
		return 2
	}
	if err := call.Run(); err != nil {
		fmt.Fprintln(std.log, "tributary:", err)
		return 1
	}
	return 0
}
