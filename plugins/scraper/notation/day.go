package notation

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ErrDay says that a text is no day.
var ErrDay = errors.New("is no day")

// Days is how a locale writes them.
type Days struct {
	// Language of month names and of "today", as a BCP 47 primary tag.
	Language string
	// Patterns are tried in their order: D, DD, M, MM, MMM (a name, short or long), YY, YYYY; * is anything.
	Patterns []string
}

// Day reads a day as a page shows it. Where the year is not written it is the one that makes the day the latest before a
// week from today. today is the bank's.
func (d Days) Day(text string, today time.Time) (time.Time, error) {
	text = strings.ToLower(strings.Join(strings.Fields(plain(text)), " "))
	if text == "" || len(text) > 80 {
		return time.Time{}, ErrDay
	}
	if offset, is := near[d.Language][text]; is {
		return midnight(today).AddDate(0, 0, offset), nil
	}
	for _, pattern := range d.Patterns {
		if day, ok := d.match(pattern, text, today); ok {
			return day, nil
		}
	}
	return time.Time{}, ErrDay
}

func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

var tokens = regexp.MustCompile(`YYYY|YY|MMM|MM|DD|M|D|\*|[^YMD*]+`)

// Pattern makes a pattern a regular expression; an error says what it lacks.
func Pattern(pattern string) (*regexp.Regexp, []string, error) {
	var out strings.Builder
	var names []string
	out.WriteString("^")
	joined := ""
	for _, token := range tokens.FindAllString(pattern, -1) {
		joined += token
		part := map[string]string{"YYYY": `(\d{4})`, "YY": `(\d{2})`, "MMM": `(\pL+)\.?`, "MM": `(\d{2})`, "M": `(\d{1,2})`, "DD": `(\d{2})`, "D": `(\d{1,2})`, "*": `.*`}[token]
		if part == "" {
			out.WriteString(regexp.QuoteMeta(strings.ToLower(token)))
			continue
		}
		out.WriteString(part)
		if token != "*" {
			names = append(names, token)
		}
	}
	out.WriteString("$")
	all := strings.Join(names, " ")
	if joined != pattern || strings.Count(all, "M") == 0 || strings.Count(all, "D") == 0 {
		return nil, nil, errors.New("a pattern of days has D or DD, M, MM or MMM, and mostly YY or YYYY")
	}
	compiled, err := regexp.Compile(out.String())
	return compiled, names, err
}

func (d Days) match(pattern, text string, today time.Time) (time.Time, bool) {
	compiled, names, err := Pattern(pattern)
	if err != nil {
		return time.Time{}, false
	}
	found := compiled.FindStringSubmatch(text)
	if found == nil {
		return time.Time{}, false
	}
	year, month, day := 0, 0, 0
	for i, name := range names {
		number, _ := strconv.Atoi(found[i+1])
		switch name {
		case "YYYY":
			year = number
		case "YY":
			year = 2000 + number
		case "MMM":
			month = d.month(found[i+1])
		case "MM", "M":
			month = number
		default:
			day = number
		}
	}
	if year == 0 {
		year = yearOf(month, day, today)
	}
	out := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	return out, out.Month() == time.Month(month) && out.Day() == day && year >= 1000 && year < 2200 // masked pages are of the year 1111
}

func yearOf(month, day int, today time.Time) int {
	year := today.Year()
	if limit := midnight(today).AddDate(0, 0, 7); limit.Year() > year {
		year = limit.Year()
	}
	for time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).After(midnight(today).AddDate(0, 0, 7)) {
		year--
	}
	return year
}

// month finds a month by its name or the beginning of it, where that is one month's alone.
func (d Days) month(name string) int {
	found := 0
	for i, month := range months[d.Language] {
		if month == name {
			return i + 1
		}
		if len([]rune(name)) >= 3 && strings.HasPrefix(month, name) {
			if found != 0 {
				return 0
			}
			found = i + 1
		}
	}
	if found == 0 {
		return short[d.Language][name]
	}
	return found
}
