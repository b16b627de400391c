package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/bundle"
	"github.com/tributary-dev/tributary/plugins/scraper/engine"
	"github.com/tributary-dev/tributary/plugins/scraper/fixture"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// commands are what a person may ask of the program, beside the server.
var commands = map[string]func(args []string, out, notes io.Writer) int{
	"lint": lint, "test": try, "replay": replay, "schema": schema, "fingerprints": fingerprints, "help": help, "record": recorded,
}

const usage = `scraper lint RECIPE...          check recipes: file, line, column and what was expected
scraper test RECIPE...          run each recipe's fixtures: the folders in NAME.fixtures beside NAME.yaml
scraper record RECIPE FOLDER [today=DAY] [from=DAY]
                                visit the bank, asking for credentials and codes a line each, and keep what it answers,
                                masked, as a fixture
scraper replay BUNDLE RECIPE    hold a recipe against what a failed visit left, without the bank
scraper fingerprints FOLDER PAGE SELECTOR [COLUMNS ROWS]
                                print what tells the pictures of a keypad apart: the keys of a saved page, in their order
scraper schema                  print the JSON Schema of recipes, for an editor
`

func help(_ []string, out, _ io.Writer) int {
	_, _ = fmt.Fprint(out, usage)
	return 0
}

func schema(_ []string, out, _ io.Writer) int {
	_, _ = out.Write(recipe.Schema())
	return 0
}

func wrong(notes io.Writer, err error) int {
	_, _ = fmt.Fprintln(notes, err)
	return 1
}

func read(path string) (recipe.Recipe, error) {
	text, err := os.ReadFile(path) //nolint:gosec // what the person names
	if err != nil {
		return recipe.Recipe{}, fmt.Errorf("%s: cannot be read", path)
	}
	return recipe.Parse(path, text)
}

func lint(paths []string, out, notes io.Writer) int {
	if len(paths) == 0 {
		return wrong(notes, errors.New("which recipe?"))
	}
	code := 0
	for _, path := range paths {
		r, err := read(path)
		if err != nil {
			code = wrong(notes, err)
			continue
		}
		_, _ = fmt.Fprintf(out, "%s: %s, version %d: %d pages, good\n", path, r.Bank.Name, r.Version, len(r.Pages))
	}
	return code
}

// private is a browser for one command.
func private() (*browser.Pool, func(), error) {
	folder, err := os.MkdirTemp("", "sc-")
	if err == nil {
		err = os.Chmod(folder, 0o711) //nolint:gosec // Chromium may run as another user
	}
	if err != nil {
		return nil, nil, err
	}
	pool := browser.New(browser.Settings{Folder: folder})
	return pool, func() { pool.Close(); _ = os.RemoveAll(folder) }, nil
}

func try(paths []string, out, notes io.Writer) int {
	if len(paths) == 0 {
		return wrong(notes, errors.New("which recipe?"))
	}
	pool, done, err := private()
	if err != nil {
		return wrong(notes, err)
	}
	defer done()
	code := 0
	for _, path := range paths {
		r, err := read(path)
		if err != nil {
			code = wrong(notes, err)
			continue
		}
		folders, err := filepath.Glob(strings.TrimSuffix(path, filepath.Ext(path)) + ".fixtures/*/" + fixture.File)
		if err != nil || len(folders) == 0 {
			code = wrong(notes, fmt.Errorf("%s: has no fixtures: %s.fixtures/*/%s", path, strings.TrimSuffix(path, filepath.Ext(path)), fixture.File))
		}
		for _, at := range folders {
			folder := filepath.Dir(at)
			if err := play(context.Background(), pool, r, os.DirFS(folder)); err != nil {
				code = wrong(notes, fmt.Errorf("FAIL %s\n  %s", folder, strings.ReplaceAll(err.Error(), "\n", "\n  ")))
				continue
			}
			_, _ = fmt.Fprintln(out, "ok  ", folder)
		}
	}
	return code
}

// play visits the site of a fixture.
func play(ctx context.Context, pool *browser.Pool, r recipe.Recipe, folder fs.FS) error {
	f, err := fixture.Load(folder)
	if err != nil {
		return err
	}
	told, err := replayed(ctx, pool, r, folder, f)
	var failure *sdk.Failure
	switch {
	case errors.As(err, &failure) && string(failure.Code) == f.Fails:
		return nil
	case failure != nil:
		return fmt.Errorf("%s: %v", failure.Code, failure.Cause) //nolint:errorlint // for a person to read
	case err != nil:
		return err
	case f.Fails != "":
		return fmt.Errorf("it succeeds, and should fail with %s", f.Fails)
	}
	return f.Compare(told)
}

// replayed reads the site of a fixture.
func replayed(ctx context.Context, pool *browser.Pool, r recipe.Recipe, folder fs.FS, f fixture.Fixture) (told fixture.Told, err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	today, err := f.Day()
	if err != nil {
		return told, err
	}
	if missing := r.Lacks(f.Settings); len(missing) > 0 {
		return told, fmt.Errorf("%s: settings: %s is missing, which the recipe needs", fixture.File, missing[0])
	}
	site := fixture.Site(folder)
	c := engine.Config{Recipe: r, Settings: f.Settings, Pool: pool, Now: func() time.Time { return today.Add(12 * time.Hour) }, Serve: site}
	s, err := engine.Open(ctx, c, engine.Opening{Credentials: sdk.Secrets(f.Credentials), Attended: true})
	if err != nil {
		return told, err
	}
	defer s.Close()
	err = visit(ctx, s, f, &told, func(page string, asked *sdk.Challenge) (string, error) {
		answer, known := f.Answers[page]
		if !known && asked.Type != sdk.ChallengeDecoupled {
			return "", fmt.Errorf("the page %s asks, and the fixture has no answer to it", page)
		}
		return answer, nil
	})
	return told, helped(ctx, err, s, site)
}

// helped says beside a failure what was there: the pages of a fixture are nobody's secret.
func helped(ctx context.Context, failed error, s *engine.Session, site *fixture.Files) error {
	var failure *sdk.Failure
	if !errors.As(failed, &failure) || failure.Code != sdk.BadData {
		return failed
	}
	text := fmt.Sprint(failure.Cause)
	for _, one := range s.Seen(ctx) {
		text += "\n  there is: " + one
	}
	for _, one := range site.Missing() {
		text += "\n  not in the folder, and asked for: " + one
	}
	return sdk.Fail(failure.Code, errors.New(text))
}

// visit goes through a bank; answer is whoever says what is asked on a page.
func visit(ctx context.Context, s *engine.Session, f fixture.Fixture, told *fixture.Told, answer func(page string, asked *sdk.Challenge) (string, error)) error {
	asked, err := s.Enter(ctx)
	for n := 0; asked != nil && err == nil && n < 10; n++ {
		said, failed := answer(s.Asking(), asked)
		if failed != nil {
			return failed
		}
		asked, err = s.Continue(ctx, engine.Answer{Challenge: asked.ID, Answers: sdk.Secrets{"code": said, "option": said}, Poll: asked.Type == sdk.ChallengeDecoupled})
	}
	if err != nil {
		return err
	}
	return s.Fetch(ctx, sdk.FetchRequest{Mode: sdk.FetchAll, Window: sdk.Window{Default: sdk.Day(f.From), To: sdk.Day(f.Today)}}, told)
}

func replay(args []string, out, notes io.Writer) int {
	if len(args) != 2 {
		return wrong(notes, errors.New("usage: scraper replay BUNDLE RECIPE"))
	}
	b, err := bundle.Read(args[0])
	if err != nil {
		return wrong(notes, err)
	}
	r, err := read(args[1])
	if err != nil {
		return wrong(notes, err)
	}
	pool, done, err := private()
	if err != nil {
		return wrong(notes, err)
	}
	defer done()
	_, _ = fmt.Fprintf(out, "%s, recipe version %d, at %s: %s\n  %s\n", b.Bank, b.Version, b.Step, b.Failure, b.Reason)
	settings := map[string]string{}
	for _, name := range r.Settings {
		settings[name] = "https://setting.invalid"
	}
	found, err := engine.Replay(context.Background(), engine.Config{Recipe: r, Settings: settings, Pool: pool, Now: func() time.Time { return b.At }}, b)
	if err != nil {
		return wrong(notes, err)
	}
	_, _ = fmt.Fprintf(out, "with recipe version %d: pages seen: %s\n", r.Version, strings.Join(found.Pages, ", "))
	if found.Source != "" {
		_, _ = fmt.Fprintf(out, "%s: %d rows\n", found.Source, found.Rows)
	}
	if found.Problem != "" {
		return wrong(notes, errors.New("  "+found.Problem))
	}
	return 0
}

func fingerprints(args []string, out, notes io.Writer) int {
	var grid *recipe.Grid
	if len(args) == 5 {
		columns, errColumns := strconv.Atoi(args[3])
		rows, errRows := strconv.Atoi(args[4])
		if errColumns != nil || errRows != nil {
			return wrong(notes, errors.New("columns and rows are numbers"))
		}
		grid = &recipe.Grid{Columns: columns, Rows: rows}
	} else if len(args) != 3 {
		return wrong(notes, errors.New("usage: scraper fingerprints FOLDER PAGE SELECTOR [COLUMNS ROWS]"))
	}
	pool, done, err := private()
	if err != nil {
		return wrong(notes, err)
	}
	defer done()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	prints, err := engine.Fingerprints(ctx, pool, fixture.Site(os.DirFS(args[0])), args[1], args[2], grid)
	if err != nil {
		return wrong(notes, err)
	}
	for _, one := range prints {
		_, _ = fmt.Fprintln(out, one)
	}
	return 0
}
