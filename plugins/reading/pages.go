package reading

import (
	"errors"
	"net/url"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// maxPages bounds a list whose pages do not end, maxIdle how many of them may bring nothing new, one after the other.
const (
	maxPages = 10_000
	maxIdle  = 20
)

// Pages reads one page after the other. read tells how much a page brought, and where the next one is; nil ends it.
func Pages(first *url.URL, read func(at *url.URL) (next *url.URL, brought int, err error)) error {
	seen, idle := map[string]bool{}, 0
	for at := first; len(seen) < maxPages && idle < maxIdle; {
		if seen[at.String()] {
			return sdk.Fail(sdk.BadData, errors.New("pages that go round"))
		}
		seen[at.String()] = true
		next, brought, err := read(at)
		if err != nil || next == nil {
			return err
		}
		idle++
		if brought > 0 {
			idle = 0
		}
		at = next
	}
	return sdk.Fail(sdk.BadData, errors.New("pages that do not end"))
}
