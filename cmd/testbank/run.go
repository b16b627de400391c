package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/scenarios"
)

// streams are what a command reads from and writes to.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

type commands struct {
	Serve     serve            `cmd:"" help:"Run the bank until it is told to stop."`
	Validate  validate         `cmd:"" help:"Check a configuration file and name every mistake as file:line:column: reason."`
	Scenarios scenariosCommand `cmd:"" help:"List the stories that ship, or print one."`
	Personas  personas         `cmd:"" help:"List who can log in, and how."`
}

const description = `An emulated bank: customer portal, consents on its own pages, accounts of every kind, and a clock that
can be moved. One documented YAML file configures it; without --config the one that ships is used.`

// errSaid ends a command whose reason has been printed already.
var errSaid = errors.New("said already")

// leave carries an exit status out of kong, which wants to end the process by itself.
type leave int

// run executes one command line and gives the exit status: 0 done, 1 failed, 2 wrong command line.
func run(ctx context.Context, args []string, std streams) (status int) {
	defer func() {
		if value := recover(); value != nil {
			code, ours := value.(leave)
			if !ours {
				panic(value)
			}
			status = int(code)
		}
	}()
	parser, err := kong.New(&commands{}, kong.Name("testbank"), kong.Description(description), kong.UsageOnError(),
		kong.Writers(std.out, std.err), kong.Exit(func(code int) { panic(leave(code)) }),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std))
	if err != nil {
		fmt.Fprintln(std.err, "testbank:", err)
		return 1
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(std.err, "testbank: %s\nTry: testbank --help\n", err)
		return 2
	}
	return exitStatus(command.Run(), std.err)
}

func exitStatus(err error, out io.Writer) int {
	switch {
	case err == nil:
		return 0
	case !errors.Is(err, errSaid):
		fmt.Fprintln(out, "testbank:", err)
	}
	return 1
}

// source is where a configuration comes from: a file, a story, or else what ships.
type source struct {
	Config   string `help:"The configuration file. Default: the one that ships." placeholder:"FILE" xor:"source"`
	Scenario string `help:"A story that ships, by its name." placeholder:"NAME" xor:"source"`
}

// load reads and checks a configuration. Mistakes are printed, all of them.
func (s source) load(out io.Writer) (*config.File, error) {
	if s.Scenario != "" {
		story, err := named(s.Scenario)
		return story.File, err
	}
	text := testbank.DefaultConfig()
	if s.Config != "" {
		var err error
		if text, err = readFile(s.Config); err != nil {
			return nil, err
		}
	}
	file, err := config.Parse(text)
	var mistakes config.Mistakes
	if errors.As(err, &mistakes) {
		for _, mistake := range mistakes {
			fmt.Fprintf(out, "%s:%s\n", s.Config, mistake)
		}
		return nil, errSaid
	}
	return file, err
}

func named(name string) (scenarios.Scenario, error) {
	story, found := scenarios.Named(name)
	if !found {
		return story, errors.New("there is no such scenario; testbank scenarios lists them")
	}
	return story, nil
}

// readFile reads no more than a configuration may hold, and one byte, so that a larger one is noticed.
func readFile(path string) ([]byte, error) {
	source, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = source.Close() }()
	return io.ReadAll(io.LimitReader(source, config.MaxBytes+1))
}
