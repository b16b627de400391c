package httpapi

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// A17: who calls a hundred times too often is refused and told when to come
// back; nobody else notices.
func TestRateIsPerClientAndFair(t *testing.T) {
	t.Parallel()
	c, now := newContract(t), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	p := usecase.Principal{}
	g := newRig(func(config *Config) {
		config.Rate, config.Authenticator = Rate{PerSecond: 10, Burst: 5}, holder{&p}
		config.IDs = ident.Source{Now: func() time.Time { return now }, Rand: ident.Real().Rand}
	})
	call := func(client string) int {
		p = usecase.Principal{Client: ident.Client(client), User: usr, Scopes: nil}
		r := request("GET", "/v1/categories", "any", "")
		w := g.do(r)
		c.keeps(t, r, w)
		if w.Code == 429 {
			require.Equal(t, "1", w.Header().Get("Retry-After"))
			refused(t, w, 429, "too_many_requests")
		}
		return w.Code
	}
	served := 0
	for second := range 10 {
		for range 1000 {
			if call("greedy") == 200 {
				served++
			}
		}
		for range 5 {
			require.Equal(t, 200, call("modest"), second)
		}
		now = now.Add(time.Second)
	}
	require.LessOrEqual(t, served, 5*10)
	require.GreaterOrEqual(t, served, 50)
}

func TestFullBucketsAreForgotten(t *testing.T) {
	t.Parallel()
	m, now := newMeter(Rate{PerSecond: 1, Burst: 2}), time.Now()
	for i := range manyBuckets {
		require.NoError(t, m.take(ident.Client(fmt.Sprint(i)), now))
	}
	require.NoError(t, m.take("late", now.Add(time.Minute)))
	require.Len(t, m.buckets, 1)
	require.Nil(t, newMeter(Rate{}))
	require.NoError(t, newMeter(Rate{}).take("anybody", now))
}

func TestACompressedBodyIsRefused(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	for _, coding := range []string{"gzip", "br", "deflate", "GZIP", "identity, gzip", "x" + canary} {
		r := request("POST", "/v1/users", clientToken, `{"external_id":"x"}`)
		r.Header.Set("Content-Encoding", coding)
		w := newRig().do(r)
		require.NotContains(t, w.Body.String(), canary)
		c.keeps(t, r, w)
		refused(t, w, 415, "unsupported_content_encoding")
	}
	r := request("POST", "/v1/users", clientToken, `{"external_id":"x"}`)
	r.Header.Set("Content-Encoding", "identity")
	require.Equal(t, 201, newRig().do(r).Code)
}
