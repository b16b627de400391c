package host

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxLine bounds one line of a plugin's output, in bytes; the rest of a longer
// line is dropped.
const maxLine = 4 << 10

// handshake is the line go-plugin's server prints when it listens.
var handshake = regexp.MustCompile(`^\d+\|\d+\|[a-z]+\|[^|]+\|[a-z]+(?:\|[^|]*){0,2}$`)

// eachLine calls use with every line of r, cut to maxLine, until r ends.
func eachLine(r io.Reader, use func(line string)) {
	lines := bufio.NewReaderSize(r, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		if text := strings.TrimRight(string(line), "\r\n"); text != "" {
			use(text)
		}
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = lines.ReadSlice('\n')
		}
		if err != nil {
			return
		}
	}
}

// logLines logs what a plugin prints.
func logLines(out *meter, r io.Reader) {
	eachLine(r, out.line)
	out.tellDropped()
}

// passHandshake gives the first line that is a handshake to w, and logs all
// others: a plugin in another language, or a library that prints before our
// guard stands, does not spoil the start.
func passHandshake(out *meter, r io.Reader, w *io.PipeWriter) {
	defer func() { _ = w.Close() }()
	passed := false
	eachLine(r, func(line string) {
		if passed || !handshake.MatchString(line) {
			out.line(line)
			return
		}
		passed = true
		_, _ = io.WriteString(w, line+"\n")
	})
	out.tellDropped()
}

// printable escapes what could move a terminal's cursor or break a log's line.
func printable(line string) string {
	var out strings.Builder
	for len(line) > 0 {
		r, size := utf8.DecodeRuneInString(line)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, line[0])
		case unicode.IsPrint(r) || r == '\t':
			out.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&out, `\x%02x`, r)
		default:
			fmt.Fprintf(&out, `\u{%x}`, r)
		}
		line = line[size:]
	}
	return out.String()
}

// synced is the writer for what the plugin prints after the handshake, which
// go-plugin carries over gRPC in pieces.
type synced struct{ w *io.PipeWriter }

func newSynced(log *slog.Logger, stream string) synced {
	r, w := io.Pipe()
	go logLines(newMeter(log, stream), r)
	return synced{w}
}

func (s synced) Write(p []byte) (int, error) { return s.w.Write(p) }
func (s synced) close()                      { _ = s.w.Close() }
