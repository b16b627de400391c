package check

import "sync"

// Promises are what the API acknowledged: it must be so ever after, whatever was
// killed. Many may add at once.
type Promises struct {
	mu sync.Mutex
	// Users and Connections are there, or gone where false.
	Users       map[string]bool
	Connections map[string]Connection
	// Labels are what a user calls transactions; Removed are rows that a user
	// hid or merged away, as the bank tells them.
	Labels  map[string]string
	Removed map[string]Removed
	// Accounts that a user deleted.
	Accounts map[string]bool
	// Runs are there unless their connection is gone; Cancelled are so.
	Runs      map[string]string
	Cancelled map[string]bool
	// Answered are challenges that nobody may be asked again.
	Answered map[string]bool
	// Offset of the clock at least, in seconds, and all that it ever was.
	Offset  int
	Offsets map[int]bool
}

// Connection is one that was made.
type Connection struct {
	User, Login string
	Gone        bool
	// Kept ones are compared with the bank: they were synchronized at the end.
	Kept bool
}

// Removed is a row that must stay away.
type Removed struct{ Connection, Account, Line string }

// NewPromises has none.
func NewPromises() *Promises {
	return &Promises{
		Users: map[string]bool{}, Connections: map[string]Connection{}, Labels: map[string]string{}, Removed: map[string]Removed{},
		Accounts: map[string]bool{}, Runs: map[string]string{}, Cancelled: map[string]bool{}, Answered: map[string]bool{}, Offsets: map[int]bool{0: true},
	}
}

// Keep adds to the promises.
func (p *Promises) Keep(change func(*Promises)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

// Drop takes back what was promised of a connection that is deleted.
func (p *Promises) Drop(connection string) {
	found := p.Connections[connection]
	found.Gone = true
	p.Connections[connection] = found
}
