// Command tributary is the server and its command line. It only puts parts
// together: what they do lives in adapters and core.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/fault"
)

// version is set by the linker.
var version = "dev"

type commands struct {
	Serve      serveCommand      `cmd:"" help:"Run the server."`
	Sandbox    sandboxCommand    `cmd:"" help:"Start a complete sandbox: server, plugins, test bank, one demo client."`
	Demo       demoCommand       `cmd:"" help:"Play the main job in a terminal, over HTTP, against a sandbox."`
	Client     clientCommands    `cmd:"" help:"Keep the clients: the applications that call the API."`
	User       userCommands      `cmd:"" help:"List or erase the users of a client."`
	Provider   providerCommands  `cmd:"" help:"List the banks that the plugins serve."`
	Plugin     pluginCommands    `cmd:"" help:"List what lies in the folder of plugins."`
	Keys       keyCommands       `cmd:"" help:"Make or replace the master key."`
	Migrate    migrateCommands   `cmd:"" help:"Show or apply changes of the database's schema."`
	Doctor     doctorCommand     `cmd:"" help:"Say what is wrong with an installation, and how to mend it."`
	OpenAPI    openapiCommand    `cmd:"" name:"openapi" help:"Write the description of the API."`
	Completion completionCommand `cmd:"" help:"Write a script that completes commands and flags in a shell."`
	Version    versionCommand    `cmd:"" help:"Say which version this is."`
}

// streams are where a command writes.
type streams struct{ out, log io.Writer }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Environ(), streams{os.Stdout, os.Stderr}))
}

// run is main for tests: 0 is success, 1 a failure or a wrong
// setting, 2 a wrong call.
func run(ctx context.Context, args, environment []string, std streams) int {
	status := -1
	parser, err := newParser(ctx, std, func(asked int) { status = asked })
	if err != nil {
		return told(std, err, 2)
	}
	call, err := parser.Parse(args)
	if status >= 0 { // --help printed itself
		return status
	}
	if err != nil {
		return told(std, fmt.Errorf("%w (%s --help says more)", err, reached(err)), 2)
	}
	values, err := settings(call, environment)
	if err != nil {
		return told(std, err, 1)
	}
	if err := call.Run(values, parser.Model); err != nil {
		if errors.Is(err, errWrongCall) {
			return told(std, err, 2)
		}
		return told(std, err, 1)
	}
	return 0
}

// reached is the command up to which a call could be understood.
func reached(err error) string {
	words := "tributary"
	var failed *kong.ParseError
	if errors.As(err, &failed) {
		for _, step := range failed.Context.Path {
			if step.Command != nil {
				words += " " + step.Command.Name
			}
		}
	}
	return words
}

// errWrongCall marks what a caller has to say otherwise.
var errWrongCall = errors.New("wrong call")

// hints say where to look, by the code of what was not found.
var hints = map[string]string{
	"client_not_found": "'tributary client list' shows those that there are",
	"user_not_found":   "'tributary user list --client ID' shows those of a client",
}

func told(std streams, err error, status int) int {
	_, _ = fmt.Fprintln(std.log, "tributary:", err)
	if failed, ok := errors.AsType[*fault.Error](err); ok {
		if hint := hints[failed.Code]; hint != "" {
			_, _ = fmt.Fprintln(std.log, " ", hint)
		}
		for _, detail := range failed.Details {
			_, _ = fmt.Fprintf(std.log, "  %s %s\n", detail.Location, detail.Message)
		}
	}
	return status
}

func newParser(ctx context.Context, std streams, exit func(int)) (*kong.Kong, error) {
	return kong.New(new(commands), kong.Name("tributary"), kong.Writers(std.out, std.log),
		kong.Description("Tributary: open, self-hosted bank-account aggregation."),
		kong.ConfigureHelp(kong.HelpOptions{WrapUpperBound: 100, NoExpandSubcommands: true}),
		kong.Exit(exit), helpOfSettings(),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std))
}

// settings reads the configuration, for the commands that have any.
func settings(call *kong.Context, environment []string) (setting.Values, error) {
	uses := false
	for _, flag := range call.Flags() {
		uses = uses || flag.Name == "config"
	}
	if !uses {
		return setting.Values{}, nil
	}
	from := setting.Sources{Flags: map[string]string{}, Environment: environment}
	for _, step := range call.Path {
		if step.Flag == nil {
			continue
		}
		if step.Flag.Name == "config" {
			from.File = textOf(call, step.Flag)
		}
		for _, key := range setting.Keys() {
			if key.Flag() == step.Flag.Name {
				from.Flags[key.Name] = textOf(call, step.Flag)
			}
		}
	}
	return setting.Load(from)
}

// textOf is the text of a flag; those of settings all are texts.
func textOf(call *kong.Context, flag *kong.Flag) string {
	text, _ := call.FlagValue(flag).(string)
	return text
}
