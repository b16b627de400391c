package fetchertest_test

import (
	"testing"

	"github.com/tributary-dev/tributary/ports/fetcher/fetchertest"
)

func TestFake(t *testing.T) {
	t.Parallel()
	fetchertest.Run(t, func(*testing.T) fetchertest.World {
		fake := fetchertest.NewFake()
		return fetchertest.World{Fetcher: fake, Publish: fake.Publish, Private: "https://router.private/", Asked: fake.Asked}
	})
}
