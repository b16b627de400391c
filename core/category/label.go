package category

import (
	"strings"
	"unicode"
)

// longestLabel bounds a label, in characters.
const longestLabel = 140

// nameless stands for a label in which nothing can be read.
const nameless = "-"

// CleanLabel makes the bank's raw label readable: without what the bank adds
// (kind of payment, card number, dates, references) and not in capitals. The
// merchant is empty unless it is one that we know.
//
// It never empties a label, never shows control or direction characters, gives
// at most 140 characters of valid UTF-8, and cleaning twice changes nothing.
func CleanLabel(raw string) (label, merchant string) {
	if raw == "" {
		return "", ""
	}
	label = readable(raw)
	if label == "" {
		label = nameless
	}
	for {
		next := calm(readable(withoutNoise(label)))
		if next == "" || next == label {
			return label, merchants.longest(fold(label), either).name
		}
		label = next
	}
}

// readable keeps what can be shown on one line.
func readable(text string) string {
	var out strings.Builder
	length, gap := 0, false
	for _, r := range strings.ToValidUTF8(text, " ") {
		switch {
		case unicode.IsSpace(r) || unicode.Is(unicode.Cc, r):
			gap = length > 0
			continue
		case !unicode.IsGraphic(r):
			continue // format and direction characters, private use, unassigned
		}
		if gap {
			out.WriteByte(' ')
			length, gap = length+1, false
		}
		if length >= longestLabel {
			break
		}
		out.WriteRune(r)
		length++
	}
	return strings.TrimSpace(firstRunes(out.String(), longestLabel))
}

func firstRunes(text string, n int) string {
	for i := range text {
		if n == 0 {
			return text[:i]
		}
		n--
	}
	return text
}

// calm writes a label of capitals only the way people write: short words and
// abbreviations without vowels stay as they are.
func calm(text string) string {
	if text != strings.ToUpper(text) || text == strings.ToLower(text) {
		return text
	}
	words := strings.Split(text, " ")
	for i, word := range words {
		switch {
		case i > 0 && connectives[word]:
			words[i] = strings.ToLower(word)
		case !keepsCapitals(word):
			words[i] = capitalised(word)
		}
	}
	return strings.Join(words, " ")
}

var connectives = set("DE DU DES LA LE LES ET AU AUX EN SUR CHEZ OF THE AND AT")

var abbreviations = set("RATP EDF GDF SNCF URSSAF DGFIP CPAM CAF MAIF MACIF MGEN AXA IKEA SARL SASU EURL LTD LLC GMBH BNP LCL UGC FNAC OVH FDJ PMU ATM HMRC DVLA USA EUR EU UK")

func set(words string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.Fields(words) {
		all[word] = true
	}
	return all
}

func keepsCapitals(word string) bool {
	return abbreviations[word] || !strings.ContainsAny(fold(word), "aeiouy") || strings.ContainsAny(word, "0123456789")
}

// capitalised lowers all letters but those at the start of a part: Saint-Denis.
func capitalised(word string) string {
	start := true
	return strings.Map(func(r rune) rune {
		first := start
		start = !unicode.IsLetter(r) && r != '\'' && r != '’' && !unicode.IsMark(r)
		if first {
			return r
		}
		return unicode.ToLower(r)
	}, word)
}
