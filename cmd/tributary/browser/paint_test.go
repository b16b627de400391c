package browser

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
	"github.com/stretchr/testify/require"
)

// bare is a page that says one word and loads nothing: what a browser takes at best.
const bare = `<!doctype html><html lang="en"><title>Bare</title><link rel="icon" href="data:,"><h1>Bare</h1>`

// BenchmarkFirstPage is how long a person waits for the first page of the widget,
// in a browser that was never there, beside a bare page; and what it loads.
func BenchmarkFirstPage(b *testing.B) {
	s, browser := startSandbox(b), chromium(b)
	raw := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(bare))
	}))
	b.Cleanup(raw.Close)
	for _, c := range []struct {
		name    string
		address func(b *testing.B) string
	}{
		{"bare", func(*testing.B) string { return raw.URL }},
		{"widget", func(b *testing.B) string { return s.order(b, map[string]any{}).Links.AddConnection }},
	} {
		b.Run(c.name, func(b *testing.B) {
			var painted, bytes, requests float64
			for range b.N {
				b.StopTimer()
				address := c.address(b)
				b.StartTimer()
				first := opensFirst(b, browser, address)
				painted, bytes, requests = painted+first.painted, bytes+first.bytes, requests+first.requests
			}
			n := float64(b.N)
			b.ReportMetric(painted/n, "ms-to-first-paint")
			b.ReportMetric(bytes/n, "wire-bytes")
			b.ReportMetric(requests/n, "requests")
		})
	}
}

type first struct{ painted, bytes, requests float64 }

// opensFirst goes to an address in a clean browser.
func opensFirst(b *testing.B, browser *rod.Browser, address string) first {
	b.Helper()
	own, err := browser.Incognito()
	require.NoError(b, err)
	defer func() { _ = own.Close() }()
	page, err := own.Page(proto.TargetCreateTarget{})
	require.NoError(b, err)
	require.NoError(b, proto.NetworkEnable{}.Call(page))
	var bytes, requests atomic.Int64
	go page.EachEvent(
		func(e *proto.NetworkLoadingFinished) { bytes.Add(int64(e.EncodedDataLength)) },
		func(e *proto.NetworkRequestWillBeSent) {
			if !strings.HasPrefix(e.Request.URL, "data:") {
				requests.Add(1)
			}
		},
	)()
	require.NoError(b, page.Timeout(patience).Navigate(address))
	require.NoError(b, page.Timeout(patience).WaitLoad())
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		found := page.MustEval(`() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0`).Num()
		if found > 0 {
			return first{found, float64(bytes.Load()), float64(requests.Load())}
		}
	}
	require.FailNow(b, "nothing was painted", address)
	return first{}
}
