package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/tributary-dev/tributary/plugins/scraper/engine"
	"github.com/tributary-dev/tributary/plugins/scraper/fixture"
	"github.com/tributary-dev/tributary/plugins/scraper/gate"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const elsewhere = "https://bank.invalid"

// recording is a visit to a bank that is kept as a fixture.
type recording struct {
	recipe   recipe.Recipe
	settings map[string]string
	folder   string
	fixture  fixture.Fixture
	lines    *bufio.Scanner
	notes    io.Writer
	secrets  []string
}

// recorded visits the bank of a recipe and keeps what it answered, masked.
func recorded(args []string, out, notes io.Writer) int {
	return record(args, os.Stdin, out, notes, os.Getenv)
}

func record(args []string, in io.Reader, out, notes io.Writer, getenv func(string) string) int {
	if len(args) < 2 {
		return wrong(notes, errors.New("usage: scraper record RECIPE FOLDER [today=2026-03-05] [from=2026-02-01]"))
	}
	r, err := read(args[0])
	if err != nil {
		return wrong(notes, err)
	}
	c := &recording{recipe: r, folder: args[1], settings: map[string]string{}, lines: bufio.NewScanner(in), notes: notes}
	for _, name := range slices.Concat(r.Settings, r.Options) {
		c.settings[name] = strings.TrimSuffix(getenv("TRIBUTARY_SETTING_"+strings.ToUpper(name)), "/")
	}
	if missing := r.Lacks(c.settings); len(missing) > 0 {
		return wrong(notes, fmt.Errorf("the setting %q is missing: TRIBUTARY_SETTING_%s", missing[0], strings.ToUpper(missing[0])))
	}
	if there, err := os.ReadDir(c.folder); err == nil && len(there) > 0 {
		return wrong(notes, fmt.Errorf("%s: is not empty", c.folder))
	}
	c.fixture.Today = time.Now().Format(time.DateOnly)
	for _, arg := range args[2:] {
		switch name, value, _ := strings.Cut(arg, "="); name {
		case "today":
			c.fixture.Today = value
		case "from":
			c.fixture.From = value
		default:
			return wrong(notes, fmt.Errorf("%s: is neither today nor from", name))
		}
	}
	if err := c.run(context.Background(), out); err != nil {
		return wrong(notes, err)
	}
	return 0
}

func (c *recording) run(ctx context.Context, out io.Writer) error {
	today, err := c.fixture.Day()
	if err != nil {
		return errors.New("today: is no day (2006-01-02)")
	}
	hosts, err := c.recipe.Reach(c.settings)
	if err != nil {
		return err
	}
	pool, done, err := private()
	if err != nil {
		return err
	}
	defer done()
	keeper := fixture.Record(func(host string) bool { return gate.Allowed(hosts, host) })
	config := engine.Config{Recipe: c.recipe, Settings: c.settings, Pool: pool, Now: func() time.Time { return today.Add(12 * time.Hour) }, Serve: keeper}
	told, err := c.visit(ctx, config)
	if err != nil {
		return err
	}
	files, err := c.mask(keeper.Files(), told)
	if err != nil {
		return err
	}
	if err := c.write(files); err != nil {
		return err
	}
	if c.fixture.Fails == "" {
		if err := c.expect(ctx, config, told); err != nil {
			return err
		}
	}
	accounts, rows := told.Count()
	_, _ = fmt.Fprintf(out, "%s: %d files, %d accounts, %d transactions%s. Look at them before you give them away.\n", c.folder, len(files), accounts, rows, c.ending())
	return nil
}

func (c *recording) ending() string {
	if c.fixture.Fails == "" {
		return ""
	}
	return ", ends with " + c.fixture.Fails
}

// visit goes through the bank, as its user says.
func (c *recording) visit(ctx context.Context, config engine.Config) (*fixture.Told, error) {
	c.fixture.Credentials, c.fixture.Answers = map[string]string{}, map[string]string{}
	for _, credential := range c.recipe.Credentials {
		c.fixture.Credentials[credential.Name] = c.ask(credential.Name)
	}
	s, err := engine.Open(ctx, config, engine.Opening{Credentials: sdk.Secrets(c.fixture.Credentials), Attended: true})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	told := &fixture.Told{}
	err = visit(ctx, s, c.fixture, told, func(page string, asked *sdk.Challenge) (string, error) {
		answer := c.ask(page + " (" + cmp.Or(asked.Message["en"], "?") + ")")
		c.fixture.Answers[page] = answer
		return answer, nil
	})
	var failure *sdk.Failure
	if errors.As(err, &failure) && failure.Code != sdk.BadData && failure.Code != sdk.Technical {
		c.fixture.Fails = string(failure.Code)
		return told, nil
	}
	if failure != nil {
		return nil, fmt.Errorf("%s: %v", failure.Code, failure.Cause) //nolint:errorlint // for a person to read
	}
	return told, err
}

// ask has a line typed.
func (c *recording) ask(what string) string {
	_, _ = fmt.Fprintf(c.notes, "%s: ", what)
	c.lines.Scan()
	text := strings.TrimSpace(c.lines.Text())
	c.secrets = append(c.secrets, text)
	return text
}

// mask takes out of the files, and of what is typed in the fixture, whatever is somebody's.
func (c *recording) mask(files map[string][]byte, told *fixture.Told) (map[string][]byte, error) {
	key := rand.Text()
	m := fixture.Masking(key, slices.Concat(told.Private(), c.secrets), c.recipe.Words)
	for _, all := range []map[string]string{c.fixture.Credentials, c.fixture.Answers} {
		for name, text := range all {
			all[name] = m.Word(text)
		}
	}
	masked := map[string][]byte{}
	c.fixture.Settings = map[string]string{}
	for name, text := range m.Files(files) {
		for setting, value := range c.settings {
			if strings.Contains(value, "://") {
				text = bytes.ReplaceAll(text, []byte(value), []byte(elsewhere))
				c.fixture.Settings[setting] = elsewhere
			} else if value != "" {
				c.fixture.Settings[setting] = value
			}
		}
		if !filepath.IsLocal(name) {
			return nil, fmt.Errorf("%q is no name of a file", name)
		}
		masked[name] = text
	}
	return masked, nil
}

func (c *recording) write(files map[string][]byte) error {
	for name, text := range files {
		at := filepath.Join(c.folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o750); err != nil {
			return err
		}
		if err := os.WriteFile(at, text, 0o600); err != nil {
			return err
		}
	}
	text, err := yaml.Marshal(c.fixture)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.folder, fixture.File), text, 0o600)
}

// expect reads the fixture as it was written, and writes down what is read: as much as of the bank.
func (c *recording) expect(ctx context.Context, config engine.Config, told *fixture.Told) error {
	again, err := replayed(ctx, config.Pool, c.recipe, os.DirFS(c.folder), c.fixture)
	var failure *sdk.Failure
	if errors.As(err, &failure) {
		err = failure.Cause
	}
	if err != nil {
		return fmt.Errorf("what was kept is not read as the bank was: %w", err)
	}
	accounts, rows := told.Count()
	if readAccounts, readRows := again.Count(); accounts != readAccounts || rows != readRows {
		return fmt.Errorf("of what was kept %d accounts and %d transactions are read, of the bank %d and %d", readAccounts, readRows, accounts, rows)
	}
	c.fixture.Expect(again)
	return c.write(nil)
}
