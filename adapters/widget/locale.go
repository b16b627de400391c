package widget

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tributary-dev/tributary/core/widget"
)

// preferred picks a language of ours from Accept-Language (RFC 9110, 12.5.4).
func preferred(header string) string {
	best, weight := widget.Locales()[0], 0.0
	for item := range strings.SplitSeq(header, ",") {
		tag, parameters, _ := strings.Cut(item, ";")
		language, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if q := weightOf(parameters); slices.Contains(widget.Locales(), language) && q > weight {
			best, weight = language, q
		}
	}
	return best
}

func weightOf(parameters string) float64 {
	text, given := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
	if !given {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return q
}
