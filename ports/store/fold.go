package store

import (
	"strings"
	"unicode"
)

// Fold is how texts are compared in a search: lower case, without accents. It
// covers the letters of Latin script; other scripts lose their case only.
func Fold(text string) string {
	var folded strings.Builder
	folded.Grow(len(text))
	for _, r := range text {
		r = unicode.ToLower(r)
		if plain, ok := plainLetters[r]; ok {
			folded.WriteString(plain)
		} else if !unicode.Is(unicode.Mn, r) { // a combining accent
			folded.WriteRune(r)
		}
	}
	return folded.String()
}

var plainLetters = letters(map[string]string{
	"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįı", "j": "ĵ",
	"k": "ķ", "l": "ĺļľŀł", "n": "ñńņň", "o": "òóôõöøōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț", "u": "ùúûüũūŭůűų",
	"w": "ŵ", "y": "ýÿŷ", "z": "źżž", "ae": "æ", "oe": "œ", "ss": "ß",
})

func letters(variants map[string]string) map[rune]string {
	table := map[rune]string{}
	for plain, accented := range variants {
		for _, r := range accented {
			table[r] = plain
		}
	}
	return table
}
