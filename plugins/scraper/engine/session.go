package engine

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"

	_ "embed"
)

//go:embed page.js
var library string

// Config is what sessions of one bank have in common.
type Config struct {
	Recipe   recipe.Recipe
	Settings map[string]string
	Pool     *browser.Pool
	Now      func() time.Time
	// Serve answers for the bank: fixtures and replays.
	Serve http.Handler
}

// Session is one visit to a bank, from its log-in to its end. Its methods are called one after the other.
type Session struct {
	recipe   recipe.Recipe
	settings map[string]string
	hosts    []string
	visit    *browser.Visit
	now      func() time.Time

	credentials sdk.Secrets
	attended    bool
	resumed     bool
	known       bool // the bank knows the browser
	flags       map[string]bool

	entered bool // home was reached once
	logins  int
	tried   map[string]bool // log-in pages, on the present way to home
	answer  string
	acted   spot // where something was done last
	step    string
	asked   question
	using   sync.Mutex
}

// Opening is how a session begins.
type Opening struct {
	Credentials sdk.Secrets
	// Attended says that the user is there.
	Attended bool
	// Left is what an earlier session left; nil is none.
	Left *Left
	// Resumed says that it is that session, and no other: without credentials it enters only where the bank still knows it.
	Resumed bool
}

// Left is what a session leaves for later ones: a secret.
type Left struct {
	Storage browser.Storage `json:"storage"`
	// Flags are those that were on when the connection began.
	Flags []string `json:"flags,omitempty"`
}

// String redacts.
func (Left) String() string { return "[redacted]" }

// GoString redacts.
func (Left) GoString() string { return "[redacted]" }

// Open begins a visit. Nothing of the bank is seen yet.
func Open(ctx context.Context, c Config, o Opening) (*Session, error) {
	hosts, err := c.Recipe.Reach(c.Settings)
	if err != nil {
		return nil, err
	}
	s := &Session{resumed: o.Resumed, recipe: c.Recipe, settings: c.Settings, hosts: hosts, now: c.Now, credentials: o.Credentials, attended: o.Attended, flags: map[string]bool{}, tried: map[string]bool{}}
	options := browser.Options{
		Hosts: hosts, Library: library, Locale: c.Recipe.Locale.Language + "-" + c.Recipe.Bank.Country, Zone: c.Recipe.Bank.Zone,
		Downloads: int64(c.Recipe.Limits.DownloadKiB) << 10, Serve: c.Serve,
	}
	if o.Left != nil {
		options.Storage, s.known = o.Left.Storage, true
		for _, flag := range o.Left.Flags {
			s.flags[flag] = true
		}
	} else {
		for flag := range c.Recipe.Flags {
			s.flags[flag] = true
		}
	}
	if s.visit, err = c.Pool.Open(ctx, options); err != nil {
		return nil, s.typed(err)
	}
	return s, nil
}

// Close ends the visit.
func (s *Session) Close() { s.visit.Close() }

// LogOut does what ends the session at the bank, as far as it can.
func (s *Session) LogOut(ctx context.Context) {
	defer s.Use()()
	s.step = "log_out"
	_ = s.do(ctx, s.recipe.LogOut, "", s.scope())
}

// Done is closed when the visit has ended, by whom ever.
func (s *Session) Done() <-chan struct{} { return s.visit.Done() }

// Leave gives what is kept for later sessions.
func (s *Session) Leave(ctx context.Context) (Left, error) {
	kept, err := s.visit.Storage(ctx)
	left := Left{Storage: kept}
	for flag, on := range s.flags {
		if on {
			left.Flags = append(left.Flags, flag)
		}
	}
	return left, s.typed(err)
}

// today is the day at the bank.
func (s *Session) today() time.Time {
	now := s.now()
	if zone, err := time.LoadLocation(s.recipe.Bank.Zone); err == nil && s.recipe.Bank.Zone != "" {
		now = now.In(zone)
	}
	y, m, d := now.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func (s *Session) scope() recipe.Scope {
	return recipe.Scope{Answer: s.answer, Settings: s.settings, Today: s.today(), From: s.today(), To: s.today()}
}

// secret gives a credential or the answer.
func (s *Session) secret(name string) string {
	if name == recipe.Answer {
		return s.answer
	}
	return s.credentials[name]
}

// quoted keeps what fills a hole of a selector from ending a string in it.
func quoted(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `'`, `\'`, "\n", " ").Replace(text)
}
