package setting

import (
	"fmt"
	"strings"
)

// Mistake is one thing that is wrong.
type Mistake struct {
	// Place is a flag, a variable, or file and line.
	Place string
	// Message says what is wrong and quotes no value.
	Message string
}

// Mistakes are everything that is wrong at once.
type Mistakes []Mistake

// Error names them all, one a line.
func (m Mistakes) Error() string {
	var b strings.Builder
	if len(m) == 1 {
		b.WriteString("a setting is wrong; nothing was started:")
	} else {
		fmt.Fprintf(&b, "%d settings are wrong; nothing was started:", len(m))
	}
	for _, one := range m {
		fmt.Fprintf(&b, "\n  %s: %s", one.Place, one.Message)
	}
	return b.String()
}

func (m *Mistakes) add(place, message string) { *m = append(*m, Mistake{place, message}) }

// unknown proposes the known name that is nearest, if one is near.
func unknown(what, name string, known []string) string {
	best, least := "", 3
	for _, candidate := range known {
		if d := distance(strings.ToLower(name), strings.ToLower(candidate)); d < least {
			best, least = candidate, d
		}
	}
	if best == "" {
		return "there is no such " + what
	}
	return "there is no such " + what + "; did you mean " + best + "?"
}

// distance counts the letters to add, drop or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
