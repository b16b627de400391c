package host

import (
	"bytes"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheLogIsBounded(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	now := time.Unix(1_800_000_000, 0)
	m := newMeter(slog.New(slog.NewTextHandler(&out, nil)), "stderr")
	m.now = func() time.Time { return now }
	for range 10_000 {
		m.line("again")
	}
	require.Equal(t, linesPerSecond, strings.Count(out.String(), "again"))
	now = now.Add(time.Second)
	m.line("later")
	require.Contains(t, out.String(), "9800 lines")
	require.Contains(t, out.String(), "later")
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"plain é 漢 😀":         "plain é 漢 😀",
		"\x1b[2J\r\a":         `\x1b[2J\x0d\x07`,
		"\xff\xfe":            `\xff\xfe`,
		"a\u202eb\u2028c\x7f": `a\u{202e}b\u{2028}c\x7f`,
		"tab\there":           "tab\there",
	} {
		require.Equal(t, want, printable(line))
	}
}

func TestLinesAreCut(t *testing.T) {
	t.Parallel()
	var got []string
	eachLine(strings.NewReader("one\r\n\n"+strings.Repeat("x", 100_000)+"\nlast"), func(line string) { got = append(got, line) })
	require.Len(t, got, 3)
	require.Equal(t, "one", got[0])
	require.Len(t, got[1], maxLine)
	require.Equal(t, "last", got[2])
}

func TestOnlyTheHandshakePasses(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	r, w := io.Pipe()
	lines := "hello\n1|1|\n1|1|unix|/tmp/x|grpc|cert+/=\n1|1|unix|/tmp/y|grpc|\n"
	go passHandshake(newMeter(slog.New(slog.NewTextHandler(&log, nil)), "stdout"), strings.NewReader(lines), w)
	passed, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, "1|1|unix|/tmp/x|grpc|cert+/=\n", string(passed))
	require.Equal(t, 3, strings.Count(log.String(), "plugin output"))
}
