package desk

import (
	"net/http"
	"sync"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
	"github.com/tributary-dev/tributary/testbank/reply"
	"github.com/tributary-dev/tributary/testbank/site/wording"
)

// Desk serves the visits of one theme.
type Desk struct {
	Bank   *bank.Bank
	Switch *Switch
	// path is where the theme is below the bank, cookie what names a visit there.
	path, cookie string

	mu     sync.Mutex
	visits map[string]Visit
}

// New opens a desk for a theme at a path such as /web/modern.
func New(b *bank.Bank, s *Switch, path, cookie string) *Desk {
	return &Desk{Bank: b, Switch: s, path: path, cookie: cookie, visits: map[string]Visit{}}
}

// Root is the theme's address for links, without a slash at its end.
func (d *Desk) Root(r *http.Request) string { return reply.Prefix(r) + d.path }

// Down says whether the site is down for everybody.
func (d *Desk) Down() bool { return d.Switch.State().Down || d.Bank.Open() != nil }

// Language is the one that a browser is answered in.
func (d *Desk) Language(r *http.Request) config.Language {
	return wording.For(r, d.Bank.File.Bank.Language)
}
