package category

import "strings"

// lexicon finds phrases in a folded text. The longest phrase wins, so that
// "uber eats" is not a taxi and the order of the tables does not matter.
type lexicon struct {
	entries []entry
	// starts finds the entries by how their phrase starts: a text has few words
	// and the tables have hundreds.
	starts map[string][]entry
}

type entry struct {
	phrase string // folded, with a space at each end that must be a word's end
	way    way
	id     string
	name   string
	rank   int // in the table
}

// beats decides between two that are found: the longer, then the first.
func (e entry) beats(other entry) bool {
	return len(e.phrase) > len(other.phrase) || (len(e.phrase) == len(other.phrase) && e.rank < other.rank)
}

// startLength is the space before a phrase, and what it is looked up by.
const startLength = 3

func (l lexicon) find(text string, w way) (string, bool) {
	best := l.longest(text, w)
	return best.id, best.id != ""
}

func (l lexicon) longest(text string, w way) entry {
	var best entry
	for at := range max(0, len(text)-startLength+1) {
		if text[at] != ' ' {
			continue
		}
		for _, e := range l.starts[text[at:at+startLength]] {
			if (e.way == either || e.way == w) && e.beats(best) && strings.HasPrefix(text[at:], e.phrase) {
				best = e
			}
		}
	}
	return best
}

// rule is a line of a table: phrases between commas. "pharma*" is the start of
// a word; "E.Leclerc=leclerc|edouard leclerc" gives a merchant's name and how
// labels write it, where that is not the name itself.
type rule struct {
	id      string
	way     way
	phrases string
}

func compile(rules ...rule) lexicon {
	l := lexicon{starts: map[string][]entry{}}
	for _, r := range rules {
		for _, item := range strings.Split(r.phrases, ",") {
			name, spellings, _ := strings.Cut(strings.TrimSpace(item), "=")
			if spellings == "" {
				spellings = name
			}
			for _, spelling := range strings.Split(spellings, "|") {
				l.add(entry{phrase: phrase(spelling), way: r.way, id: r.id, name: name})
			}
		}
	}
	return l
}

func (l *lexicon) add(e entry) {
	e.rank = len(l.entries)
	l.entries = append(l.entries, e)
	start := e.phrase[:startLength]
	l.starts[start] = append(l.starts[start], e)
}

func phrase(spelling string) string {
	start, open := strings.CutSuffix(spelling, "*")
	if open {
		return strings.TrimSuffix(fold(start), " ")
	}
	return fold(start)
}
