package browser

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

var (
	screenshots = flag.String("screenshots", "", "write each page to this folder")
	only        = flag.String("only", "", "go to the stops of the tour whose names match this pattern alone")
)

// stop is a page of the tour, and the way there from the first page.
type stop struct {
	name string
	// order is what the session is made with.
	order map[string]any
	reach func(p *person)
	// manage is the way on in a second visit, of who looks at what is shared.
	manage func(p *person)
}

// form is an order that leads to the form.
func form() map[string]any { return map[string]any{"channels": []string{"EMBEDDED"}} }

// themed is form in a look of the client's.
func themed(name string) map[string]any {
	order := form()
	order["theme"] = name
	return order
}

func (p *person) choosesTheBank() { p.presses("button", "Test Bank") }

func (p *person) agrees() {
	p.choosesTheBank()
	p.presses("button", "I agree")
}

// signsIn goes from the first page to what comes after the form.
func (p *person) signsIn(login string) {
	p.t.Helper()
	p.agrees()
	p.submits(login)
}

func (p *person) submits(login string) {
	p.t.Helper()
	p.types("Login", login)
	p.types("Password", login+"-pass1")
	p.presses("button", "Sign in")
}

// stops are all pages that a user can come to.
func stops() []stop {
	after := func(login, heading string) func(*person) {
		return func(p *person) {
			p.signsIn(login)
			p.at(heading)
		}
	}
	return []stop{
		{name: "banks", order: form(), reach: func(p *person) { p.at("Choose your bank") }},
		{name: "banks-none", order: form(), reach: func(p *person) {
			p.sees("searchbox", "Search for your bank").MustInput("xyz")
			p.sees("status", "")
		}},
		{name: "agree", order: map[string]any{}, reach: func(p *person) { p.choosesTheBank(); p.at("Share your") }},
		{name: "agree-own-terms", order: map[string]any{"terms_header": "Terms of Budget app", "terms_body": "First.\n\nSecond <b>paragraph</b>."}, reach: func(p *person) {
			p.choosesTheBank()
			p.at("Share your")
		}},
		{name: "identify", order: form(), reach: func(p *person) { p.agrees(); p.at("Sign in to") }},
		{name: "add-channel", order: map[string]any{}, reach: func(p *person) { p.goesToTheBank("camille") }},
		{name: "add-channel-later", order: map[string]any{}, reach: func(p *person) {
			p.goesToTheBank("camille")
			p.presses("button", "Not now")
			p.at("is connected")
		}},
		{name: "trouble-one-of-two", order: map[string]any{}, reach: func(p *person) {
			p.goesToTheBank("camille")
			p.types("Login", "camille")
			p.types("Password", "wrong")
			p.presses("button", "Add these accounts")
			p.at("Some accounts at Test Bank")
		}},
		{name: "visit", order: map[string]any{"channels": []string{"REDIRECT"}}, reach: func(p *person) { p.agrees(); p.at("Continue at") }},
		{name: "answer-code", order: form(), reach: after("paul", "Confirm that it is you")},
		{name: "answer-options", order: form(), reach: after("alice", "Your bank asks")},
		{name: "answer-image", order: form(), reach: after("jade", "Type what you see")},
		{name: "answer-keypad", order: form(), reach: after("odile", "Confirm that it is you")},
		{name: "answer-qr", order: form(), reach: after("marius", "Scan with your phone")},
		{name: "answer-app", order: form(), reach: after("hugo", "Approve in your")},
		{name: "reading", order: form(), reach: after("louise", "Connecting")},
		{name: "trouble-credentials", order: form(), reach: after("victor", "is not connected yet")},
		{name: "trouble-locked", order: form(), reach: after("leo", "is not connected yet")},
		{name: "trouble-password", order: form(), reach: after("adam", "is not connected yet")},
		{name: "trouble-down", order: form(), reach: after("basile", "is not connected yet")},
		{name: "done", order: form(), reach: after("camille", "is connected")},
		{name: "choosing", order: map[string]any{"channels": []string{"EMBEDDED"}, "select_accounts": true}, reach: after("camille", "Choose the accounts to share")},
		{name: "manage", order: form(), reach: after("camille", "is connected"), manage: func(*person) {}},
		{name: "manage-nothing", order: form(), reach: func(*person) {}, manage: func(*person) {}},
		{name: "manage-interface", order: map[string]any{"channels": []string{"REDIRECT"}}, reach: (*person).sharesAtTheBank, manage: func(*person) {}},
		{name: "manage-trouble", order: form(), reach: after("victor", "is not connected yet"), manage: func(*person) {}},
		{name: "manage-account", order: form(), reach: after("camille", "is connected"), manage: func(p *person) {
			p.presses("button", "Compte courant")
			p.at("Compte courant")
		}},
		{name: "manage-accesses", order: form(), reach: after("camille", "is connected"), manage: func(p *person) {
			p.presses("button", "See every access")
			p.at("Every access to Test Bank")
		}},
		{name: "manage-both", order: map[string]any{}, reach: func(p *person) {
			p.goesToTheBank("camille")
			p.presses("button", "Not now")
			p.at("is connected")
		}, manage: func(*person) {}},
		{name: "manage-withdraw", order: form(), reach: after("camille", "is connected"), manage: func(p *person) {
			p.presses("button", "End access")
			p.at("End the access to")
		}},
		{name: "theme-sunny-banks", order: themed("sunny"), reach: func(p *person) { p.at("Choose your bank") }},
		{name: "theme-sunny-agree", order: themed("sunny"), reach: func(p *person) { p.choosesTheBank(); p.at("Share your") }},
		{name: "theme-night-agree", order: themed("night"), reach: func(p *person) { p.choosesTheBank(); p.at("Share your") }},
		{name: "theme-night-identify", order: themed("night"), reach: func(p *person) { p.agrees(); p.at("Sign in to") }},
		{name: "theme-slight-options", order: themed("slight"), reach: after("alice", "Your bank asks")},
		{name: "theme-sunny-done", order: themed("sunny"), reach: after("camille", "is connected")},
		{name: "over-cancelled", order: form(), reach: func(p *person) { p.presses("button", "Cancel"); p.at("You have left") }},
		{name: "over-done", order: form(), reach: func(p *person) {
			p.signsIn("camille")
			p.presses("button", "Finish")
			p.at("All done")
		}},
	}
}

// TestTour goes to every page.
func TestTour(t *testing.T) {
	s := startSandbox(t)
	s.brands(t)
	browser := chromium(t)
	g := &gallery{folder: *screenshots}
	policies := map[string]bool{}
	for _, stop := range stops() {
		if wanted, _ := path.Match(*only, stop.name); *only != "" && !wanted {
			continue
		}
		t.Run(stop.name, func(t *testing.T) {
			p := visitor(t, browser, s, "en")
			made := s.order(t, stop.order)
			p.goes(made.Links.AddConnection)
			stop.reach(p)
			if stop.manage != nil {
				p.goes(s.managing(t, made.UserID).Links.ManageAccounts)
				p.at("What you share with")
				stop.manage(p)
			}
			g.shows(p, stop.name)
			p.reads("en")
			p.discreet()
			p.walks()
			policies[p.policy()] = true
		})
	}
	for name, order := range map[string]map[string]any{"used": form(), "theme-sunny-used": themed("sunny"), "theme-night-used": themed("night")} {
		if wanted, _ := path.Match(*only, name); *only != "" && !wanted {
			continue
		}
		t.Run(name, func(t *testing.T) {
			made := s.order(t, order)
			visitor(t, browser, s, "en").goes(made.Links.AddConnection)
			other := visitor(t, browser, s, "en")
			other.goes(made.Links.AddConnection)
			other.at("This link was used already")
			g.shows(other, name)
			policies[other.policy()] = true
		})
	}
	t.Run("policies", func(t *testing.T) { sound(t, slices.Collect(maps.Keys(policies))) })
	if g.folder != "" {
		fmt.Printf("%d screenshots in %s\n", g.count, g.folder) //nolint:forbidigo // it is what make screenshots says last
	}
}

// gallery looks at pages as different people have them.
type gallery struct {
	folder string
	count  int
}

// widths are those of a small phone, a tablet and a desktop.
var widths = []int{320, 768, 1280}

// shows looks at a page in both languages, all widths, light and dark.
func (g *gallery) shows(p *person, name string) {
	p.t.Helper()
	for _, locale := range []string{"en", "fr"} {
		p.reads(locale)
		for _, scheme := range []string{"light", "dark"} {
			p.looks(widths[0], scheme)
			p.accessible()
			for _, width := range widths {
				p.looks(width, scheme)
				p.fits(width)
				if g.folder != "" {
					p.paints(filepath.Join(g.folder, fmt.Sprintf("%s-%s-%s-%d.png", name, locale, scheme, width)))
					g.count++
				}
			}
		}
	}
	p.reads("en")
}

// reads loads the page in another language.
func (p *person) reads(locale string) {
	p.t.Helper()
	require.NoError(p.t, p.page.SetUserAgent(&proto.NetworkSetUserAgentOverride{UserAgent: "Mozilla/5.0 (test)", AcceptLanguage: locale}))
	require.NoError(p.t, p.page.Timeout(patience).Reload())
	require.NoError(p.t, p.page.Timeout(patience).WaitLoad())
	require.Equal(p.t, locale, p.page.MustEval(`() => document.documentElement.lang`).Str())
}

// looks sets the size of the window and the scheme of colours.
func (p *person) looks(width int, scheme string) {
	p.t.Helper()
	height := 900
	if width < 600 {
		height = 640
	}
	require.NoError(p.t, p.page.SetViewport(&proto.EmulationSetDeviceMetricsOverride{Width: width, Height: height, DeviceScaleFactor: 1}))
	require.NoError(p.t, proto.EmulationSetEmulatedMedia{Features: []*proto.EmulationMediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}, // else a colour is seen on its way to another
	}}.Call(p.page))
}

// fits: nothing has to be moved sideways to be read.
func (p *person) fits(width int) {
	p.t.Helper()
	wide := `(width) => [...document.querySelectorAll("*")].filter((e) => e.getBoundingClientRect().right > width && !e.closest(".scroll, pre")).map((e) => e.outerHTML.slice(0, 80)).join("\n")`
	require.LessOrEqual(p.t, p.page.MustEval(`() => document.documentElement.scrollWidth`).Int(), width, "wider than the window: %s", p.page.MustEval(wide, width).Str())
}

func (p *person) paints(file string) {
	p.t.Helper()
	require.NoError(p.t, os.MkdirAll(filepath.Dir(file), 0o750))
	if p.page.MustEval(`() => document.images.length`).Int() > 0 {
		p.painted()
	}
	time.Sleep(30 * time.Millisecond) // for the last frame
	picture, err := p.page.Screenshot(true, nil)
	require.NoError(p.t, err)
	require.NoError(p.t, os.WriteFile(file, picture, 0o600))
}
