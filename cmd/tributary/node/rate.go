package node

import (
	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

// usualRate is what a client may ask of a production server in a second, unless
// a setting says: more than an application with a hundred thousand users needs,
// and a fraction of what one server answers.
const usualRate = 200

// rate bounds each client. In a sandbox the one client is the one who tries
// things out, and measures them.
func (c Config) rate() httpapi.Rate {
	limit := c.RateLimit
	if limit == 0 && c.Environment != setting.Sandbox {
		limit = usualRate
	}
	if limit <= 0 {
		return httpapi.Rate{}
	}
	return httpapi.Rate{PerSecond: float64(limit), Burst: 2 * limit}
}
