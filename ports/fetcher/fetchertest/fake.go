package fetchertest

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"

	"github.com/tributary-dev/tributary/ports/fetcher"
)

// Fake is a fetcher with a web of its own: what Publish put there, and hosts
// below ".private" that nobody may ask.
type Fake struct {
	mu    sync.Mutex
	pages map[string]Page
	asked int
}

// NewFake makes a fake with an empty web.
func NewFake() *Fake { return &Fake{pages: map[string]Page{}} }

// Publish puts a page at a path of its web and gives the address.
func (f *Fake) Publish(path string, page Page) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	address := "https://web.example" + path
	f.pages[address] = page
	return address
}

// Asked counts fetches from hosts below ".private".
func (f *Fake) Asked() int { return f.asked }

// Fetch implements fetcher.Fetcher.
func (f *Fake) Fetch(ctx context.Context, address string) ([]byte, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for hops := 0; ; hops++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !public(address) {
			return nil, fetcher.ErrAddress
		}
		page, known := f.pages[address]
		switch {
		case page.Location != "" && hops < 2:
			address = page.Location
			continue
		case !known, page.Location != "", page.Status != 0 && page.Status != http.StatusOK:
			return nil, fetcher.ErrFetch
		case len(page.Body) > Limit:
			return nil, fetcher.ErrTooLarge
		}
		return []byte(page.Body), nil
	}
}

func public(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(address) > 2000 {
		return false
	}
	if port := u.Port(); port != "" {
		if number, err := strconv.ParseUint(port, 10, 16); err != nil || number == 0 {
			return false
		}
	}
	return !strings.HasSuffix(u.Hostname(), ".private")
}
