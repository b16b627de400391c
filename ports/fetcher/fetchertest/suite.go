// Package fetchertest owns the contract of ports/fetcher. Its Fake passes it
// and asks nobody.
//
// Invariant: no case knows how a document travels.
package fetchertest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/ports/fetcher"
)

// Limit is how large documents may be for a fetcher under test, in bytes.
const Limit = 1000

// Page is what stands at an address.
type Page struct {
	// Status is 200 unless given.
	Status int
	Body   string
	// Location makes the page a redirect.
	Location string
}

// World is a fetcher with a web that the suite writes.
type World struct {
	Fetcher fetcher.Fetcher
	// Publish puts a page at a path and gives its public address.
	Publish func(path string, page Page) string
	// Private is an address that the fetcher must not ask, with the path of a
	// page that exists; Asked counts who came there.
	Private string
	Asked   func() int
}

// Run checks a fetcher that reads at most Limit bytes and follows at most two
// redirects. Every call of open gives a fresh world.
func Run(t *testing.T, open func(t *testing.T) World) {
	for name, check := range map[string]func(*testing.T, World){
		"reads_a_document":                  reads,
		"reads_up_to_its_limit":             limits,
		"takes_only_success_for_a_document": wantsSuccess,
		"follows_few_redirects":             follows,
		"asks_no_private_address":           staysPublic,
		"refuses_what_is_no_web_address":    wantsWeb,
		"ends_with_its_context":             endsWithContext,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, open(t))
		})
	}
}

const canary = "canary-4c1d"

func reads(t *testing.T, w World) {
	for path, body := range map[string]string{"/a": "one: 1\n", "/empty": "", "/raw": "\x00\xff"} {
		got, err := w.Fetcher.Fetch(t.Context(), w.Publish(path, Page{Body: body}))
		require.NoError(t, err)
		require.Equal(t, body, string(got))
	}
}

func limits(t *testing.T, w World) {
	got, err := w.Fetcher.Fetch(t.Context(), w.Publish("/full", Page{Body: strings.Repeat("x", Limit)}))
	require.NoError(t, err)
	require.Len(t, got, Limit)
	refused(t, w, w.Publish("/over", Page{Body: strings.Repeat("x", Limit+1)}), fetcher.ErrTooLarge)
}

func wantsSuccess(t *testing.T, w World) {
	for _, status := range []int{204, 304, 404, 500} {
		page := Page{Status: status}
		if status >= 400 {
			page.Body = canary
		}
		refused(t, w, w.Publish("/status", page), fetcher.ErrFetch)
	}
}

func follows(t *testing.T, w World) {
	last := w.Publish("/last", Page{Body: "here"})
	second := w.Publish("/second", Page{Location: last})
	first := w.Publish("/first", Page{Location: second})
	got, err := w.Fetcher.Fetch(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, "here", string(got))
	refused(t, w, w.Publish("/zeroth", Page{Location: first}), fetcher.ErrFetch)
	refused(t, w, w.Publish("/inside", Page{Location: w.Private}), fetcher.ErrAddress)
	refused(t, w, w.Publish("/file", Page{Location: "file:///etc/passwd"}), fetcher.ErrAddress)
	require.Zero(t, w.Asked())
}

func staysPublic(t *testing.T, w World) {
	refused(t, w, w.Private, fetcher.ErrAddress)
	require.Zero(t, w.Asked())
}

func wantsWeb(t *testing.T, w World) {
	for _, address := range []string{
		"", canary, "/" + canary, "//" + canary, "https://", "https:///x", "ftp://" + canary, "file:///etc/" + canary, "gopher://" + canary,
		"unix:/" + canary, "https://user:" + canary + "@example.com/", "https://" + canary + " /", "https://[::1", "https://x:99999/", "https://x:0/",
		"data:text/plain," + canary, "javascript:" + canary, "https://" + strings.Repeat("x", 3000),
	} {
		refused(t, w, address, fetcher.ErrAddress)
	}
}

func endsWithContext(t *testing.T, w World) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.Fetcher.Fetch(ctx, w.Publish("/a", Page{Body: "x"}))
	require.ErrorIs(t, err, context.Canceled)
}

// refused wants that error, and nothing of the address or the page in what a
// stranger is shown.
func refused(t *testing.T, w World, address string, want *fault.Error) {
	t.Helper()
	body, err := w.Fetcher.Fetch(t.Context(), address)
	require.Empty(t, body)
	require.ErrorIs(t, err, want, address)
	var shown *fault.Error
	require.ErrorAs(t, err, &shown)
	require.Equal(t, want.Message, shown.Message)
	require.Empty(t, shown.Details)
}
