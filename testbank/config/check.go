package config

import (
	"fmt"
	"regexp"
	"time"
)

// checker holds the rules that need more than one value to be seen. A value that could not be read was reported by
// the reader already and is not complained about twice.
type checker struct{ *reader }

func (c *checker) at(path, format string, args ...any) {
	c.fault(c.nearest(path), "%s: %s", path, fmt.Sprintf(format, args...))
}

func (c *checker) given(path string) bool { return c.places[path] != nil }

var (
	fourDigits  = regexp.MustCompile(`^[0-9]{4}$`)
	codePattern = regexp.MustCompile(`^[0-9]{4,10}$`)
	loginShape  = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,64}$`)
	refShape    = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	// versionPath is the segment of an address, and nothing that a router would read otherwise.
	versionPath = regexp.MustCompile(`^[a-z0-9][a-z0-9.]{0,15}$`)
	currency    = regexp.MustCompile(`^[A-Z]{3}$`)
)

func (c *checker) file(f *File) {
	c.bank(f.Bank)
	if c.given("personas") && len(f.Personas) == 0 {
		c.at("personas", "must list at least one persona")
	}
	logins := map[string]bool{}
	for i, p := range f.Personas {
		path := fmt.Sprintf("personas[%d]", i)
		c.unique(logins, path+".login", p.Login, loginShape, "letters, digits and . _ @ -")
		c.challenge(path+".challenge", p.Challenge)
		c.behaviours(path, p.Behaviours)
		c.password(path+".password", p, p.Password, f.Bank.Site)
	}
	c.accounts(f.Accounts, logins)
	c.timeline(f, logins)
	c.play(f, logins)
}

func (c *checker) bank(b Bank) {
	if _, err := time.LoadLocation(b.Timezone); err != nil {
		c.at("bank.timezone", "must be an IANA time zone, such as Europe/Paris")
	}
	if b.Origin.Relative() {
		c.at("bank.origin", "must be a plain date, because relative days are counted from it")
	}
	if c.given("bank.stet.path") && (!versionPath.MatchString(b.STET.Path) || b.STET.Path == "authorize" || b.STET.Path == "token") {
		c.at("bank.stet.path", "must be 1 to 16 of small letters, digits and dots, such as v1.4")
	}
	c.feed("bank.feed")
}

// password refuses one that has no keys.
func (c *checker) password(path string, p Persona, password string, site Site) {
	keypad := p.LogIn == LogInKeypad || p.LogIn == "" && site.LogIn == LogInKeypad
	if keypad && password != "" && !Digits(password) {
		c.at(path, "must be 4 to 10 digits, because it is typed on a keypad")
	}
}

// feed checks what only makes sense together.
func (c *checker) feed(path string) {
	if c.given(path+".full_history_for") != c.given(path+".recent_days") {
		c.at(path, "needs both full_history_for and recent_days, or neither")
	}
}

// unique refuses a key of a wrong shape and one that was used before.
func (c *checker) unique(seen map[string]bool, path, key string, shape *regexp.Regexp, allowed string) {
	switch {
	case key == "":
		return // the reader has said so
	case !shape.MatchString(key):
		c.at(path, "must be 1 to 64 of %s", allowed)
	case seen[key]:
		c.at(path, "%q is already used", key)
	}
	seen[key] = true
}
