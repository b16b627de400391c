package httpapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/usecase"
)

// counted is a body that knows how much of it was read.
type counted struct {
	io.Reader
	read int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.read += int64(n)
	return n, err
}

// endless is one byte, again and again.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

func bomb(t *testing.T) io.Reader {
	t.Helper()
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.Copy(z, io.LimitReader(endless(' '), 64<<20))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	require.Less(t, packed.Len()*900, 64<<20, "it is not much of a bomb")
	return &packed
}

// many is so many things with commas between, or as many as fit a body.
func many(n int, thing func(i int) string) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(thing(i))
		if n == fitting && b.Len() > MaxBody-100 {
			break
		}
	}
	return b.String()
}

const fitting = 1 << 30

func key(i int) string { return fmt.Sprintf(`"%x":0`, i) }

func text(s string) func() io.Reader { return func() io.Reader { return strings.NewReader(s) } }

// attempts are all the first.
type attempts struct{}

func (attempts) Begin(context.Context, usecase.Principal, usecase.Sending) (usecase.Attempt, error) {
	return usecase.Attempt{}, nil
}
func (attempts) Finish(context.Context, usecase.Attempt, usecase.Answer) error { return nil }
func (attempts) Abandon(context.Context, usecase.Attempt) error                { return nil }

func always(thing string) func(int) string { return func(int) string { return thing } }

// TestHuge_A16_bodies_cost_little: whatever is sent, no more is read than a body
// may have, and what is allocated on the way to the refusal stays below a bar.
// It counts bytes, which are the same on every machine, and prints the time.
// Nothing else may run beside it, so it is not parallel.
func TestHuge_A16_bodies_cost_little(t *testing.T) { //nolint:paralleltest // it measures the whole process
	users, answer := "/v1/users", "/v1/connections/"+con+"/challenge"
	for name, c := range map[string]struct {
		target string
		body   func() io.Reader
		packed string
		status int
		code   string
	}{
		"10 GiB":                    {users, func() io.Reader { return io.LimitReader(endless('a'), 10<<30) }, "", 413, "body_too_large"},
		"10 GiB of nothing":         {users, func() io.Reader { return io.LimitReader(endless(' '), 10<<30) }, "", 413, "body_too_large"},
		"a gzip bomb":               {users, func() io.Reader { return bomb(t) }, "gzip", 415, "unsupported_content_encoding"},
		"a bomb behind a plain one": {users, func() io.Reader { return bomb(t) }, "identity, gzip", 415, "unsupported_content_encoding"},
		"a bomb without a name":     {users, func() io.Reader { return bomb(t) }, "", 400, "malformed_body"},
		"a million keys":            {users, text("{" + many(1_000_000, key) + "}"), "", 413, "body_too_large"},
		"all keys that fit":         {users, text("{" + many(fitting, key) + "}"), "", 422, "body_too_complex"},
		"all credentials that fit":  {answer, text(`{"id":"x","answers":{` + many(fitting, key) + "}}"), "", 422, "body_too_complex"},
		"all mistakes that fit":     {"/v1/queues", text(`{"types":[` + many(fitting, always("1")) + "]}"), "", 422, "body_too_complex"},
		"all objects that fit":      {"/v1/connections", text(`{"channels":[` + many(fitting, always("{}")) + "]}"), "", 422, "body_too_complex"},
		"all mistakes that count":   {"/v1/queues", text(`{"types":[` + many(maxValues-2, always("1")) + "]}"), "", 422, "invalid_request"},
		"all keys that count":       {users, text("{" + many(maxValues-1, key) + "}"), "", 422, "unknown_property"},
		"depth 10,000":              {users, text(strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)), "", 422, "body_too_complex"},
		"depth 10,000 of lists":     {users, text(`{"email":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + "}"), "", 422, "body_too_complex"},
		"a depth without an end":    {users, text(strings.Repeat("[", MaxBody)), "", 422, "body_too_complex"},
		"one long text":             {users, text(`{"colour":"` + strings.Repeat(`\u0041`, 170_000) + `"}`), "", 422, "unknown_property"},
		"one long number":           {"/v1/queues/" + que + "/ack", text(`{"seq":` + strings.Repeat("9", 1_000_000) + `}`), "", 422, "body_too_complex"},
	} {
		for _, idempotencyKey := range []string{"", "one"} { // with one the body is read before it is looked at
			g, body := newRig(func(c *Config) { c.Attempts = attempts{} }), &counted{Reader: c.body()}
			r := httptest.NewRequest("POST", c.target, body)
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Authorization", "Bearer "+clientToken)
			if c.packed != "" {
				r.Header.Set("Content-Encoding", c.packed)
			}
			if idempotencyKey != "" {
				r.Header.Set(keyHeader, idempotencyKey)
			}
			before, began := allocated(), time.Now()
			w := g.do(r)
			spent, grown := time.Since(began), allocated()-before
			t.Logf("%-26s %d: %8d bytes read, %8d allocated, %s", name, w.Code, body.read, grown, spent.Round(time.Microsecond))
			require.LessOrEqual(t, body.read, int64(MaxBody+1), name)
			require.Less(t, grown, uint64(16<<20), name)
			require.Empty(t, g.seen, "no use case may have been asked")
			refused(t, w, c.status, c.code)
		}
	}
}

func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

// Texts may hold what looks like structure, and calls of ours come nowhere near
// the bound.
func TestCrowded(t *testing.T) {
	t.Parallel()
	for body, is := range map[string]bool{
		"": false, "{}": false, `{"a":"` + strings.Repeat("[{,", 5000) + `"}`: false, `{"a":"\"` + strings.Repeat("[", 5000) + `\\"}`: false,
		strings.Repeat("[", maxDepth): false, strings.Repeat("[", maxDepth+1): true, strings.Repeat("[]", maxDepth+1): false,
		"[" + many(maxValues, always("0")) + "]": false, "[" + many(maxValues+1, always("0")) + "]": true,
		`"\\"` + strings.Repeat("[", maxDepth+1): true, `"` + strings.Repeat("[", 5000): false,
		strings.Repeat("9", maxDigits): false, strings.Repeat("9", maxDigits+1): true, `"` + strings.Repeat("9", 5000) + `"`: false, strings.Repeat("9,", 500): false,
	} {
		require.Equal(t, is, crowded([]byte(body)), body[:min(40, len(body))])
	}
	for _, e := range examples() {
		require.False(t, crowded([]byte(e.body)))
	}
}
