package config

import (
	"fmt"
	"slices"
	"strings"
)

// challengeKeys says which kinds of challenge each further key means something for.
var challengeKeys = []struct {
	key   string
	kinds []ChallengeKind
}{
	{"code", []ChallengeKind{ChallengeSMSCode, ChallengeOptions, ChallengeImage}},
	{"phone", []ChallengeKind{ChallengeSMSCode}},
	{"question", []ChallengeKind{ChallengeOptions, ChallengeQuestion}},
	{"answer", []ChallengeKind{ChallengeQuestion}},
	{"options", []ChallengeKind{ChallengeOptions}},
	{"tries", []ChallengeKind{ChallengeSMSCode, ChallengeOptions, ChallengeImage, ChallengeQuestion}},
	{"resends", []ChallengeKind{ChallengeSMSCode, ChallengeOptions}},
	{"resend_after", []ChallengeKind{ChallengeSMSCode, ChallengeOptions}},
	{"resend_code", []ChallengeKind{ChallengeSMSCode, ChallengeOptions}},
	{"approve_after_polls", []ChallengeKind{ChallengeApproval}},
	{"approve_after", []ChallengeKind{ChallengeApproval}},
	{"keypad", []ChallengeKind{ChallengeSMSCode}},
	{"qr", []ChallengeKind{ChallengeApproval}},
}

func (c *checker) challenge(path string, ch Challenge) {
	if ch.Kind == "" {
		return // not given, or the reader has said that it is wrong
	}
	// Keys that mean nothing for the chosen kind are refused, so that nobody waits for an effect they cannot have.
	for _, k := range challengeKeys {
		if !slices.Contains(k.kinds, ch.Kind) && c.given(path+"."+k.key) {
			c.at(path+"."+k.key, "only a challenge of kind %s has it", oneOf(k.kinds))
		}
	}
	code := c.given(path + ".code")
	switch {
	case !code && (ch.Kind == ChallengeSMSCode || ch.Kind == ChallengeImage):
		c.at(path, "%s needs the key %q", ch.Kind, "code")
	case code && !codePattern.MatchString(ch.Code):
		c.at(path+".code", "must be 4 to 10 digits, in quotes")
	}
	for _, key := range []string{"question", "answer"} {
		switch given := c.given(path + "." + key); {
		case ch.Kind == ChallengeQuestion && !given:
			c.at(path, "question needs the key %q", key)
		case ch.Kind == ChallengeQuestion && strings.TrimSpace(map[string]string{"question": ch.Question, "answer": ch.Answer}[key]) == "":
			c.at(path+"."+key, "must not be empty")
		}
	}
	c.resends(path, ch)
	if ch.Kind == ChallengeOptions {
		c.options(path, ch.Options)
	}
}

func (c *checker) resends(path string, ch Challenge) {
	for _, key := range []string{"resend_after", "resend_code"} {
		if c.given(path+"."+key) && !c.given(path+".resends") {
			c.at(path+"."+key, "only a challenge with resends has it")
		}
	}
	if c.given(path+".resend_code") && !codePattern.MatchString(ch.ResendCode) {
		c.at(path+".resend_code", "must be 4 to 10 digits, in quotes")
	}
	if c.given(path+".resends") && ch.Kind == ChallengeOptions && !c.given(path+".code") {
		c.at(path+".resends", "needs the key %q: nothing is sent without", "code")
	}
}

func (c *checker) options(path string, options []Option) {
	if !c.given(path + ".options") {
		c.at(path, "options needs the key %q", "options")
		return
	}
	if len(options) == 0 {
		c.at(path+".options", "must list at least one option")
	}
	seen := map[string]bool{}
	for i, o := range options {
		c.unique(seen, fmt.Sprintf("%s.options[%d].value", path, i), o.Value, refShape, "letters, digits and . _ -")
	}
}

// oneOf writes kinds as people list them: a, b or c.
func oneOf(kinds []ChallengeKind) string {
	words := make([]string, len(kinds))
	for i, kind := range kinds {
		words[i] = string(kind)
	}
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
