package httpapi

import (
	"strconv"
	"strings"
)

// The languages that texts exist in; English is what others fall back to.
const (
	english = "en"
	french  = "fr"
)

// preferred picks a language from Accept-Language (RFC 9110, 12.5.4). What it
// cannot read counts as English: a header must not make a call fail.
func preferred(header string) string {
	best, weight := english, 0.0
	for count, item := range strings.Split(header, ",") {
		if count == 20 {
			break
		}
		tag, q := weighed(item)
		if language, _, _ := strings.Cut(strings.ToLower(tag), "-"); (language == english || language == french) && q > weight {
			best, weight = language, q
		}
	}
	return best
}

func weighed(item string) (tag string, q float64) {
	tag, parameters, _ := strings.Cut(item, ";")
	q = 1
	if text, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(parameters)), "q="); ok {
		parsed, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return "", 0
		}
		q = parsed
	}
	return strings.TrimSpace(tag), q
}
