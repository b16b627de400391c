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
	}
	refs := map[string]bool{}
	for i, a := range f.Accounts {
		path := fmt.Sprintf("accounts[%d]", i)
		c.unique(refs, path+".ref", a.Ref, refShape, "letters, digits and . _ -")
		if a.Owner != "" && !logins[a.Owner] {
			c.at(path+".owner", "no persona has the login %q", a.Owner)
		}
		c.account(path, a)
	}
}

func (c *checker) bank(b Bank) {
	if _, err := time.LoadLocation(b.Timezone); err != nil {
		c.at("bank.timezone", "must be an IANA time zone, such as Europe/Paris")
	}
	if b.Origin.Relative() {
		c.at("bank.origin", "must be a plain date, because relative days are counted from it")
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

func (c *checker) challenge(path string, ch Challenge) {
	if ch.Kind == "" {
		return // not given, or the reader has said that it is wrong
	}
	sms, approval := ch.Kind == ChallengeSMSCode, ch.Kind == ChallengeApproval
	switch {
	case sms && !c.given(path+".code"):
		c.at(path, "sms_code needs the key %q", "code")
	case sms && !codePattern.MatchString(ch.Code):
		c.at(path+".code", "must be 4 to 10 digits, in quotes")
	}
	c.only(path, sms, "sms_code", "code", "phone", "tries")
	c.only(path, approval, "app_approval", "approve_after_polls", "approve_after")
}

// only refuses keys that mean nothing for the chosen kind, so that nobody waits for an effect they cannot have.
func (c *checker) only(path string, applies bool, kind string, keys ...string) {
	for _, key := range keys {
		if !applies && c.given(path+"."+key) {
			c.at(path+"."+key, "only a challenge of kind %s has it", kind)
		}
	}
}

func (c *checker) behaviours(path string, list []Behaviour) {
	seen := map[BehaviourKind]bool{}
	for i, b := range list {
		here := fmt.Sprintf("%s.behaviours[%d]", path, i)
		if b.Kind != "" && seen[b.Kind] {
			c.at(here, "%s is given twice", b.Kind)
		}
		seen[b.Kind] = true
		delayed := c.given(here + ".delay")
		switch {
		case b.Kind == BehaviourSlow && !delayed:
			c.at(here, "slow needs the key %q", "delay")
		case b.Kind != BehaviourSlow && b.Kind != "" && delayed:
			c.at(here+".delay", "only slow has it")
		case time.Duration(b.Delay) > 5*time.Minute:
			c.at(here+".delay", "must be at most 5m")
		}
	}
}
