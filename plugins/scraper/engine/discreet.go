package engine

import "strings"

// longest is how much of a page is shown to the user.
const longest = 300

// discreet keeps what was given out of what is shown: a page may repeat it.
func (s *Session) discreet(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, secret := range s.given() {
		text = strings.ReplaceAll(text, secret, "…")
	}
	if runes := []rune(text); len(runes) > longest {
		text = string(runes[:longest]) + "…"
	}
	return text
}

// given are the secrets of this session that are long enough to be recognised.
func (s *Session) given() (all []string) {
	for _, secret := range s.credentials {
		if len(secret) >= 3 {
			all = append(all, secret)
		}
	}
	if len(s.answer) >= 3 {
		all = append(all, s.answer)
	}
	return all
}
