// Package quota owns what banks allow in a rolling 24 hours with nobody there:
// which calls were made, what is left, and when something is free again. It
// knows nothing of banks, runs or plugins.
//
// Invariant: of one account and scope no 24 hours ever see more unattended calls
// than the limit, whatever crashes and whatever the clock does. So a call counts
// before it is made, one of which nobody told the end counts as made, and it
// counts from the last moment at which the bank may have seen it.
package quota

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

const (
	// Window is the time in which a bank counts.
	Window = 24 * time.Hour
	// Kept is how long calls are kept, on the sandbox's clock and on the real one.
	Kept = 2 * Window
)

// Scope is a kind of data that a bank counts on its own.
type Scope string

// Scopes.
const (
	Accounts     Scope = "ACCOUNTS"
	Balances     Scope = "BALANCES"
	Transactions Scope = "TRANSACTIONS"
)

// Scopes lists them.
func Scopes() []Scope { return []Scope{Accounts, Balances, Transactions} }

// Key is what a bank counts on its own. The list of accounts concerns none. Any
// other scope without an account stands for each account that is not known yet.
type Key struct {
	Account ident.Account
	Scope   Scope
}

// unknown reports whether the key stands for accounts that are not known yet.
func (k Key) unknown() bool { return k.Account == "" && k.Scope != Accounts }

// Line is what a call spends of one key.
type Line struct {
	Key
	Count int
	// Until is set where the bank said that nothing is left before then.
	Until time.Time
}

// Call is one fetch through one channel.
type Call struct {
	ID                ident.Call
	ClientID          ident.Client
	UserID            ident.User
	ConnectionID      ident.Connection
	SynchronizationID ident.Synchronization
	Channel           string
	// BegunAt and At bound when the bank saw it; it counts from At. Both are on the
	// sandbox's clock, and never before what was entered earlier.
	BegunAt time.Time
	At      time.Time
	// MadeAt is when it began in real time.
	MadeAt time.Time
	// Attended calls are kept, and spend nothing.
	Attended bool
	// Settled says that its end was told.
	Settled bool
	Lines   []Line
}

// Report is how a call ended.
type Report struct {
	Now time.Time
	// Told is what the plugin said, key by key; what it said twice is added up.
	Told []Line
	// Turned says that the bank knew the caller no more: it counts no such call.
	Turned bool
}

// Settle enters how the call ended. What was reserved and not told was spent; so
// was what was reserved for unknown accounts, because banks give new names to
// accounts that they told before. A clock that went back meanwhile does not tell when the bank saw the call.
func (c *Call) Settle(r Report) {
	if c.Settled {
		return
	}
	c.Settled = true
	if !r.Now.Before(c.BegunAt) {
		c.At = r.Now
	}
	reserved := c.Lines
	c.Lines = nil
	for _, line := range r.Told {
		c.tell(line)
	}
	for _, line := range reserved {
		at := c.line(line.Key)
		switch {
		case r.Turned:
		case at < 0:
			c.Lines = append(c.Lines, line)
		case line.unknown(): // it stands for several, of which not all were told
			c.Lines[at].Count = max(c.Lines[at].Count, line.Count)
		}
	}
	for i := range c.Lines { // the rule knows no longer time: a bank says it again
		if end := c.At.Add(Window); c.Lines[i].Until.After(end) {
			c.Lines[i].Until = end
		}
	}
}

func (c *Call) tell(line Line) {
	at := c.line(line.Key)
	if at < 0 {
		c.Lines = append(c.Lines, Line{Key: line.Key})
		at = len(c.Lines) - 1
	}
	c.Lines[at].Count += max(line.Count, 0)
	c.Lines[at].Until = later(c.Lines[at].Until, line.Until)
}

// line is where a key stands; below zero where it does not.
func (c *Call) line(k Key) int {
	return slices.IndexFunc(c.Lines, func(l Line) bool { return l.Key == k })
}

// Rename gives what an account spent to the one that takes its place.
func (c *Call) Rename(from, to ident.Account) (changed bool) {
	for i := range c.Lines {
		if c.Lines[i].Account == from {
			c.Lines[i].Account, changed = to, true
		}
	}
	return changed
}

// spent is what the call took of a key. An account that it did not name may be
// one of those that were not known.
func (c *Call) spent(k Key) Line {
	at := c.line(k)
	if at < 0 {
		at = c.line(Key{Scope: k.Scope})
	}
	if at < 0 {
		return Line{Key: k}
	}
	return c.Lines[at]
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
