package telemetry

import (
	"bytes"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// lines writes records and escapes every character in them that a terminal or
// a reader of the log would act on instead of showing it. slog's own handlers
// let some through: JSON keeps DEL, the C1 set (0x9B starts a terminal command
// like ESC [ does) and the marks that turn the direction of text around. It
// works on whole records, keys and values alike, so nothing can be forgotten:
// slog writes each record with one call, and such characters stand only inside
// quotes, where \uXXXX means the same in both formats.
type lines struct{ out io.Writer }

// Write writes one record.
func (l lines) Write(record []byte) (int, error) {
	text, end := bytes.CutSuffix(record, []byte("\n"))
	if bytes.ContainsFunc(text, dangerous) {
		record = escape(text)
		if end {
			record = append(record, '\n')
		}
		if _, err := l.out.Write(record); err != nil {
			return 0, err
		}
		return len(text) + 1, nil
	}
	return l.out.Write(record)
}

// dangerous tells control, format (bidirectional marks, invisible tags), line
// and paragraph separator characters, and bytes that are no UTF-8.
func dangerous(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func escape(text []byte) []byte {
	var safe bytes.Buffer
	for _, r := range string(text) {
		switch {
		case !dangerous(r):
			safe.WriteRune(r)
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&safe, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&safe, `\u%04x`, r)
		}
	}
	return safe.Bytes()
}
