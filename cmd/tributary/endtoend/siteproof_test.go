package endtoend

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWebSite_of_everybody: each customer of the test bank and each fault of its web site, on each theme, through the API: what
// is asked, what comes of it, and that what is held is the truth. A customer or a fault without a row makes it fail. Afterwards
// what only customer and bank may know is searched for in all that is left.
func TestWebSite_of_everybody(t *testing.T) {
	t.Parallel()
	p := prove(t, options{})
	rows := everybody()
	for login, does := range faults() {
		rows[login] = does
	}
	require.Len(t, rows, len(p.bank.personas), "a row of nobody")
	p.visits(t, rows)
	t.Run("every_word_has_its_customer", func(t *testing.T) { p.bank.complete(t) })
	t.Run("switch", p.switches)
	p.nothingShows(t, func(haystack) {})
}

// TestWebSite_on_PostgreSQL is one customer of each kind of secret, and one whose visit leaves a bundle: what differs is where it is kept.
func TestWebSite_on_PostgreSQL(t *testing.T) {
	t.Parallel()
	base := startDatabase(t)
	p := prove(t, options{databaseURL: base.url})
	rows := map[string]func(*testing.T, siteVisit){}
	for _, login := range []string{"paul", "odile", "gaspard", "simone", "jade", "agathe", "serge"} {
		rows[login] = everybody()[login]
	}
	p.visits(t, rows)
	p.nothingShows(t, func(scenes haystack) { base.collect(t, scenes) })
}

// proof is a server that reads the bank's web site, and what is seen of it.
type proof struct {
	bank    *siteBank
	sandbox *sandbox
	user    caller
	seen    *sightings
	bundles string
	// profiles is where browsers work: its name is short, and whom Chromium runs as may pass through it.
	profiles string
}

func prove(t *testing.T, o options) *proof {
	t.Helper()
	p := &proof{bank: openSite(t), bundles: t.TempDir(), seen: &sightings{seen: map[string]bool{}, programs: map[string]bool{}}}
	var err error
	p.profiles, err = os.MkdirTemp("", "s") //nolint:usetesting // as said above
	require.NoError(t, err)
	require.NoError(t, os.Chmod(p.profiles, 0o755)) //nolint:gosec // as said above
	t.Cleanup(func() { _ = os.RemoveAll(p.profiles) })
	settings := fmt.Sprintf("plugin_settings:\n  scraper: {bundles: %q, profiles: %q}\n", p.bundles, p.profiles)
	config := filepath.Join(t.TempDir(), "tributary.yaml")
	require.NoError(t, os.WriteFile(config, []byte(settings), 0o600))
	o.bank, o.level, o.plugins, o.environment = p.bank.bank, "debug", pluginFolder(t, "testbank", "scraper"), []string{"TRIBUTARY_CONFIG=" + config}
	p.sandbox = startSandbox(t, o)
	p.user = p.sandbox.asClient(t).enrol(t, "ana")
	return p
}

// visits are those of the customers who have a row, where rows are not all; else each must have one.
func (p *proof) visits(t *testing.T, rows map[string]func(*testing.T, siteVisit)) {
	t.Run("visit", func(t *testing.T) {
		for _, c := range p.bank.personas {
			does, has := rows[c.Login]
			if !has && len(rows) < len(p.bank.personas) {
				continue
			}
			t.Run(c.Login, func(t *testing.T) {
				t.Parallel()
				require.NotNil(t, does, "the bank has a customer without a row")
				for _, theme := range siteThemes {
					t.Run(theme, func(t *testing.T) {
						if !remembered[c.Login] {
							t.Parallel()
						}
						p.visit(c, theme).timed(t, does)
					})
				}
			})
		}
	})
}

func (p *proof) visit(c sitePersona, theme string) siteVisit {
	return siteVisit{sitePersona: c, theme: theme, bank: p.bank, user: p.user, seen: p.seen}
}

// complete: whatever the bank's file can say of customers befalls somebody.
func (b *siteBank) complete(t *testing.T) {
	t.Helper()
	kinds, challenges := map[string]bool{}, map[string]bool{"none": true}
	for _, c := range b.personas {
		challenges[c.Challenge.Kind] = true
		for _, one := range c.Behaviours {
			kinds[one.Kind] = true
		}
	}
	for _, kind := range words(t, "personas", "behaviours", "kind") {
		require.True(t, kinds[kind], "%s befalls nobody", kind)
	}
	for _, kind := range words(t, "personas", "challenge", "kind") {
		require.True(t, challenges[kind], "%s is asked of nobody", kind)
	}
}

// switches play what is done to the whole site, one after the other.
func (p *proof) switches(t *testing.T) {
	var camille, rose sitePersona
	for _, c := range p.bank.personas {
		switch c.Login {
		case "camille":
			camille = c
		case "rose":
			rose = c
		}
	}
	night := time.Now().UTC().Truncate(24 * time.Hour).Add(2 * time.Hour).Format(time.RFC3339)
	for name, c := range map[string]struct {
		path     string
		on, off  any
		customer sitePersona
		does     func(*testing.T, siteVisit)
	}{
		"another_markup":   {"site", map[string]any{"markup": 2}, map[string]any{"markup": 1}, camille, reads},
		"a_wall":           {"site", map[string]any{"bot_wall": true}, map[string]any{"bot_wall": false}, camille, ends("BLOCKED")},
		"an_outage":        {"outage", map[string]any{"down": true}, map[string]any{"down": false}, camille, ends("PROVIDER_UNAVAILABLE")},
		"a_page_of_errors": {"site", map[string]any{"page": "accounts", "fault": "error"}, map[string]any{"page": "", "fault": ""}, camille, ends("PROVIDER_UNAVAILABLE")},
		"the_night":        {"clock", map[string]any{"now": night}, nil, rose, ends("PROVIDER_UNAVAILABLE")},
	} {
		t.Run(name, func(t *testing.T) {
			p.bank.admin(t, http.MethodPost, c.path, c.on, nil)
			defer func() {
				if c.off == nil {
					p.bank.atNoon(t)
					return
				}
				p.bank.admin(t, http.MethodPost, c.path, c.off, nil)
			}()
			for _, theme := range siteThemes {
				v := p.visit(c.customer, theme)
				v.released = name == "another_markup"
				v.timed(t, c.does)
			}
		})
	}
}

// nothingShows searches all that is left of it.
func (p *proof) nothingShows(t *testing.T, more func(haystack)) {
	t.Helper()
	require.NotEmpty(t, p.sandbox.asClient(t).facts(t), "events, told in answers")
	secrets, shown := append(p.bank.wire.cookies(), wrongCode, wrongPassword, changedPassword), []string{"BOULANGERIE"}
	require.Greater(t, len(secrets), 3, "no cookie was heard")
	for _, c := range p.bank.personas {
		secrets = append(secrets, c.secrets()...)
		shown = append(shown, c.shown(t, p.bank)...)
	}
	scenes := haystack{}
	scenes.folder(t, p.sandbox.data, "data", "while it runs")
	scenes.folder(t, p.profiles, "profiles", "while it runs")
	p.sandbox.stop(t)
	scenes.collect(t, p.sandbox)
	scenes.folder(t, p.profiles, "profiles", "afterwards")
	p.seen.into(t, scenes)
	more(scenes)
	scenes.bundles(t, p.bundles)
	require.NotEmpty(t, scenes.within("bundle "), "no visit left a bundle")
	require.Empty(t, sharpen(t, secrets).in(scenes))

	personal := sharpen(t, shown)
	require.NotEmpty(t, personal.in(scenes.within("answers")), "what the user may see is not found")
	for _, place := range []string{"log ", "bundle ", "processes", "profiles"} {
		require.Empty(t, personal.in(scenes.within(place)), "what only the user may see")
	}
}
