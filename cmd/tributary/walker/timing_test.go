package walker

import (
	"math"
	"net/http"
	"testing"
	"time"
)

// BenchmarkForeign measures what TestIsolation shows by counting: how long the
// answer about somebody else's thing takes beside that about nothing, in turns,
// with Welch's t of the difference. Beyond 4 or so the two can be told apart; on
// a busy machine run it twice. `make timing` runs it.
func BenchmarkForeign(b *testing.B) {
	h := open(b)
	victim, mallory := h.settle(b, h.register(b, "Acme"), "v1ctim"), h.settle(b, h.register(b, "Other"), "mallory")
	for name, pair := range map[string][2]string{
		"account":     {"/v1/accounts/" + victim.account, "/v1/accounts/" + nobodys().account},
		"connection":  {"/v1/connections/" + victim.idle, "/v1/connections/" + nobodys().idle},
		"transaction": {"/v1/transactions/" + victim.transaction, "/v1/transactions/" + nobodys().transaction},
		"user":        {"/v1/users/" + victim.belongings.user, "/v1/users/" + nobodys().user},
	} {
		b.Run(name, func(b *testing.B) {
			var seen [2]sample
			for b.Loop() {
				for i, target := range pair {
					began := time.Now()
					h.call(http.MethodGet, target, mallory.client, "")
					seen[i].add(float64(time.Since(began).Microseconds()))
				}
			}
			b.ReportMetric(seen[0].mean, "foreign-µs")
			b.ReportMetric(seen[1].mean, "none-µs")
			b.ReportMetric(welch(seen[0], seen[1]), "t")
		})
	}
}

// sample keeps mean and variance as they come (Welford).
type sample struct{ n, mean, squares float64 }

func (s *sample) add(value float64) {
	s.n++
	away := value - s.mean
	s.mean += away / s.n
	s.squares += away * (value - s.mean)
}

func welch(a, b sample) float64 {
	spread := a.squares/(a.n-1)/a.n + b.squares/(b.n-1)/b.n
	if a.n < 2 || spread == 0 {
		return 0
	}
	return (a.mean - b.mean) / math.Sqrt(spread)
}
