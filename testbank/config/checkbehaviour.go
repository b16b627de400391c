package config

import (
	"fmt"
	"time"
)

// behaviourKeys says to which behaviour each further key belongs, and whether that one cannot do without.
var behaviourKeys = []struct {
	key  string
	kind BehaviourKind
	need bool
}{
	{"delay", BehaviourSlow, true},
	{"after_wrong_passwords", BehaviourLocked, false},
	{"calls", BehaviourQuota, true}, {"reason", BehaviourQuota, false},
	{"from", BehaviourDown, false}, {"until", BehaviourDown, false},
	{"days", BehaviourConsentLifetime, true},
	{"where", BehaviourHostile, true}, {"answer", BehaviourHostile, true}, {"since", BehaviourHostile, false},
	{"page", BehaviourBrokenPage, true}, {"fault", BehaviourBrokenPage, true},
}

func (c *checker) behaviours(path string, list []Behaviour) {
	seen := map[BehaviourKind]bool{}
	for i, b := range list {
		here := fmt.Sprintf("%s.behaviours[%d]", path, i)
		if b.Kind == "" {
			continue // the reader has said so
		}
		if seen[b.Kind] {
			c.at(here, "%s is given twice", b.Kind)
		}
		seen[b.Kind] = true
		c.behaviour(here, b)
	}
}

func (c *checker) behaviour(here string, b Behaviour) {
	for _, k := range behaviourKeys {
		given := c.given(here + "." + k.key)
		switch {
		case k.kind == b.Kind && k.need && !given:
			c.at(here, "%s needs the key %q", b.Kind, k.key)
		case k.kind != b.Kind && given:
			c.at(here+"."+k.key, "only %s has it", k.kind)
		}
	}
	if time.Duration(b.Delay) > 5*time.Minute {
		c.at(here+".delay", "must be at most 5m")
	}
	from, until := c.given(here+".from"), c.given(here+".until")
	switch {
	case b.Kind != BehaviourDown:
	case from != until:
		c.at(here, "down needs both from and until, or neither")
	case b.From.Given && b.From == b.Until:
		c.at(here+".until", "must be another time than from")
	}
}
