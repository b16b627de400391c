package download

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"

	"golang.org/x/text/encoding/htmlindex"
)

// ErrShape says that a file cannot be read.
var ErrShape = errors.New("a file of another shape")

const maxRows = 100_000

// CSV reads a table whose columns are named in its first line, after some lines that are skipped. Without a separator it is
// the sign that occurs most in that line.
func CSV(data []byte, charset, separator string, skip int) ([]map[string]string, error) {
	if charset == "" {
		charset = "utf-8"
	}
	encoding, err := htmlindex.Get(charset)
	if err != nil {
		return nil, errors.New("a character set that is not known")
	}
	text, err := encoding.NewDecoder().Bytes(data)
	if err != nil {
		return nil, ErrShape
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	for range skip {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.Comma, reader.LazyQuotes, reader.FieldsPerRecord, reader.TrimLeadingSpace = comma(text, separator), true, -1, true
	lines, err := reader.ReadAll()
	if err != nil || len(lines) == 0 || len(lines) > maxRows {
		return nil, ErrShape
	}
	var out []map[string]string
	for _, line := range lines[1:] {
		if strings.TrimSpace(strings.Join(line, "")) == "" {
			continue
		}
		row := map[string]string{}
		for i, name := range lines[0] {
			if i < len(line) {
				row[strings.TrimSpace(name)] = strings.TrimSpace(line[i])
			}
		}
		out = append(out, row)
	}
	return out, nil
}

func comma(text []byte, named string) rune {
	if named != "" {
		return []rune(named)[0]
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	best := ';'
	for _, sign := range []rune{',', '\t', '|'} {
		if bytes.Count(first, []byte(string(sign))) > bytes.Count(first, []byte(string(best))) {
			best = sign
		}
	}
	return best
}
