package wording

import (
	"net/http"

	"golang.org/x/text/language"

	"github.com/tributary-dev/tributary/testbank/config"
)

var (
	spoken  = []config.Language{config.French, config.English}
	matcher = language.NewMatcher([]language.Tag{language.French, language.English})
)

// For gives the language of a browser: the bank's own, or what the browser prefers.
func For(r *http.Request, bank config.Language) config.Language {
	if bank != "" {
		return bank
	}
	wanted, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(wanted) == 0 {
		return spoken[0]
	}
	_, index, _ := matcher.Match(wanted...)
	return spoken[index]
}

// In picks the words of a language.
func In(lang config.Language, french, english string) string {
	if lang == config.English {
		return english
	}
	return french
}
