package category

import "strings"

// lexicon finds phrases in a folded text. The longest phrase wins, so that
// "uber eats" is not a taxi and the order of the tables does not matter.
type lexicon []entry

type entry struct {
	phrase string // folded, with a space at each end that must be a word's end
	way    way
	id     string
	name   string
}

func (l lexicon) find(text string, w way) (string, bool) {
	best := l.longest(text, w)
	return best.id, best.id != ""
}

func (l lexicon) longest(text string, w way) entry {
	var best entry
	for _, e := range l {
		if (e.way == either || e.way == w) && len(e.phrase) > len(best.phrase) && strings.Contains(text, e.phrase) {
			best = e
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
	var l lexicon
	for _, r := range rules {
		for _, item := range strings.Split(r.phrases, ",") {
			name, spellings, _ := strings.Cut(strings.TrimSpace(item), "=")
			if spellings == "" {
				spellings = name
			}
			for _, spelling := range strings.Split(spellings, "|") {
				l = append(l, entry{phrase(spelling), r.way, r.id, name})
			}
		}
	}
	return l
}

func phrase(spelling string) string {
	start, open := strings.CutSuffix(spelling, "*")
	if open {
		return strings.TrimSuffix(fold(start), " ")
	}
	return fold(start)
}
