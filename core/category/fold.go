package category

import (
	"strings"
	"unicode"
)

// fold makes texts comparable: lower case, no accents, words of letters and
// digits between single spaces, with one space at each end, so that a whole
// word is found as " word ".
func fold(text string) string {
	var out strings.Builder
	out.WriteByte(' ')
	gap := true
	for _, r := range text {
		r = unicode.ToLower(r)
		switch plain, accented := plainForm[r]; {
		case accented:
			out.WriteString(plain)
			gap = false
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			out.WriteRune(r)
			gap = false
		case unicode.Is(unicode.Mn, r) || joins(r):
			// An accent of its own, or an apostrophe inside a word, adds nothing.
		case !gap:
			out.WriteByte(' ')
			gap = true
		}
	}
	if !gap {
		out.WriteByte(' ')
	}
	return out.String()
}

// joins are signs that merchants write or leave out: McDonald's, Mc Donalds.
func joins(r rune) bool { return r == '\'' || r == '’' }

// plainForm covers the accented letters of western and central Europe; the
// standard library holds no decomposition tables.
var plainForm = plainForms(map[string]string{
	"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįı", "j": "ĵ", "k": "ķ",
	"l": "ĺļľŀł", "n": "ñńņňŉ", "o": "òóôõöøōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț", "u": "ùúûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ",
	"z": "źżž", "ae": "æ", "oe": "œ", "ss": "ß", "th": "þ",
})

func plainForms(table map[string]string) map[rune]string {
	forms := map[rune]string{}
	for plain, letters := range table {
		for _, letter := range letters {
			forms[letter] = plain
		}
	}
	return forms
}
