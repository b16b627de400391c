package main

import (
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/engine"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/scraper/recipes"
	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

// fromSettings makes the provider. It reads
//
//	recipes     the folder of recipes; those that are shipped when it is not set
//	chromium    the program; it is looked for when it is not set
//	user        whom Chromium runs as where the server is root; nobody
//	no_sandbox  "true" runs Chromium without its sandbox, where a system has none to give
//	profiles    a folder for what a browser needs while it runs; the system's for temporary files
//	visits      how many visits may be open at once; 8
//	memory_mib  what Chromium may use; 2048
//	page_mib    what the pages of one visit may use; 768
//	bundles     the folder for what failed visits leave; nothing is left when it is not set
//	bundle_hours  how long that is kept; 24
//
// and the settings that recipes ask for. A recipe whose settings are missing is not served.
func fromSettings(settings serve.Settings) (sdk.Provider, error) {
	for _, name := range []string{"recipes", "profiles", "bundles"} {
		if _, err := settings.Path(name); err != nil {
			return nil, err
		}
	}
	all, err := readRecipes(settings)
	if err != nil {
		return nil, err
	}
	b := browser.Settings{
		Program: settings.Get("chromium"), User: settings.Get("user"), NoSandbox: settings.Get("no_sandbox") == "true", Folder: settings.Get("profiles"),
		Report: func(line string) { _, _ = fmt.Fprintln(os.Stderr, line) },
	}
	hours := 24
	for name, at := range map[string]*int{"visits": &b.Visits, "memory_mib": &b.Memory, "page_mib": &b.Page, "bundle_hours": &hours} {
		if err := number(settings, name, at); err != nil {
			return nil, err
		}
	}
	p := &provider{banks: map[string]engine.Config{}, sessions: newSessions(), now: time.Now, bundles: settings.Get("bundles"), kept: time.Duration(hours) * time.Hour}
	b.MakeRoom = p.sessions.room
	p.pool = browser.New(b)
	serve.AtExit(p.pool.Close)
	for _, r := range all {
		known := map[string]string{}
		for _, name := range slices.Concat(r.Settings, r.Options) {
			known[name] = strings.TrimSuffix(settings.Get(name), "/")
		}
		if len(r.Lacks(known)) > 0 {
			continue
		}
		if _, err := r.Reach(known); err != nil {
			return nil, err
		}
		p.order = append(p.order, r.Bank.ID)
		p.banks[r.Bank.ID] = engine.Config{Recipe: r, Settings: known, Pool: p.pool, Now: time.Now}
	}
	return p, nil
}

func readRecipes(settings serve.Settings) ([]recipe.Recipe, error) {
	var folder fs.FS = recipes.Shipped
	if named := settings.Get("recipes"); named != "" {
		folder = os.DirFS(named)
	}
	all, err := recipe.Load(folder)
	if err != nil {
		return nil, fmt.Errorf("the setting %q: %w", "recipes", err)
	}
	return all, nil
}

func number(settings serve.Settings, name string, into *int) error {
	text := settings.Get(name)
	if text == "" {
		return nil
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 1 {
		return fmt.Errorf("the setting %q must be a whole number above 0", name)
	}
	*into = value
	return nil
}
