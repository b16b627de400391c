package pluginhost

import "time"

// Hasty gives up after three failures, and pings often.
func Hasty(o *Options) {
	o.Ping = 500 * time.Millisecond
	o.policy = policy{
		first: time.Millisecond, last: time.Millisecond, steady: time.Hour, limit: 3, window: time.Hour, rest: time.Hour,
	}
}
