package node

import (
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/app/forgetting"
	"github.com/tributary-dev/tributary/ports/store"
)

const day = 24 * time.Hour

// usualRetention is longer than the year for which cursors are good, so that who
// comes back after one still has the events beside it.
const usualRetention = 400

// retention is how long events are kept, or 0 for ever. A sandbox, whose clock
// is moved by months, keeps them unless a setting says.
func (c Config) retention() time.Duration {
	days := c.EventRetention
	if days == 0 && c.Environment != setting.Sandbox {
		days = usualRetention
	}
	return time.Duration(max(days, 0)) * day
}

// forget makes what forgets events that are older than they are kept. It looks
// often in a sandbox, whose clock may have been moved.
func (n *Node) forget(state store.Store) forgetting.Sweeper {
	every := time.Hour
	if n.config.Environment == setting.Sandbox {
		every = 2 * time.Second
	}
	return forgetting.Sweeper{Store: state, Now: n.now, Keep: n.config.retention(), Every: every, Rest: 20 * time.Millisecond, Log: n.log}
}
