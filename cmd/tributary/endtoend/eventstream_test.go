package endtoend

import (
	"bufio"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestEventStream follows what happens over two ends of the server, one by a
// kill: whoever comes back with Last-Event-ID has every event once, and an open
// stream keeps no server from stopping in order.
func TestEventStream(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	client := s.asClient(t)
	user := client.enrol(t, "ana")
	var heard []int
	for _, end := range []func(){func() { s.kill(t) }, func() { s.stop(t) }, nil} {
		stream := client.streamFrom(t, heard)
		l := user.connect(t, "anna", "anna-pass1")
		l.succeeds(t)
		head := client.facts(t)
		for len(heard) < len(head) {
			heard = append(heard, stream.next(t))
		}
		if end != nil {
			end()
			s.restart(t)
		}
	}
	for i, seq := range heard {
		require.Equal(t, i+1, seq)
	}
	require.Len(t, client.facts(t), len(heard))
}

// streamed is an open stream of events.
type streamed struct{ lines *bufio.Scanner }

// streamFrom opens one after what was heard.
func (c caller) streamFrom(t *testing.T, heard []int) streamed {
	t.Helper()
	r := c.request(t, http.MethodGet, "/v1/events", nil)
	r.Header.Set("Accept", "text/event-stream")
	if len(heard) > 0 {
		r.Header.Set("Last-Event-ID", strconv.Itoa(heard[len(heard)-1]))
	}
	w, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.Body.Close() })
	require.Equal(t, http.StatusOK, w.StatusCode)
	return streamed{bufio.NewScanner(w.Body)}
}

// next is the number of the next event.
func (s streamed) next(t *testing.T) int {
	t.Helper()
	for s.lines.Scan() {
		if id, ok := strings.CutPrefix(s.lines.Text(), "id: "); ok {
			seq, err := strconv.Atoi(id)
			require.NoError(t, err)
			return seq
		}
	}
	require.NoError(t, s.lines.Err())
	require.Fail(t, "the stream ended")
	return 0
}
