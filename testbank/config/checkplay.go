package config

import (
	"fmt"
	"slices"
)

// play checks that the steps follow each other and name what there is.
func (c *checker) play(f *File, logins map[string]bool) {
	for i, s := range f.Play {
		here := fmt.Sprintf("play[%d]", i)
		if s.Login != "" && !logins[s.Login] {
			c.at(here+".login", "no persona has the login %q", s.Login)
		}
		if i > 0 {
			c.after(here, f.Play[i-1], s)
		}
		seen := map[string]bool{}
		for j, e := range s.Expect {
			there := fmt.Sprintf("%s.expect[%d]", here, j)
			switch {
			case e.Account == "":
			case seen[e.Account]:
				c.at(there+".account", "%q is already told of in this step", e.Account)
			case !slices.ContainsFunc(f.Accounts, func(a Account) bool { return a.Ref == e.Account }):
				c.at(there+".account", "there is no account with that ref")
			}
			seen[e.Account] = true
		}
	}
}

// after compares days where both are counted in the same way.
func (c *checker) after(here string, before, s Step) {
	if !before.On.Given() || !s.On.Given() || before.On.Relative() != s.On.Relative() {
		return
	}
	switch day, last := s.On.On(epoch), before.On.On(epoch); {
	case day.Before(last):
		c.at(here+".on", "must not be before the step before")
	case day.Equal(last) && s.At.Given && before.At.Given && s.At.Of <= before.At.Of:
		c.at(here+".at", "must be later than the step before")
	}
}
