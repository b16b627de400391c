package notifying

import "sync"

// mailbox takes replies without ever keeping their sender waiting.
type mailbox struct {
	mu   sync.Mutex
	all  []reply
	bell chan struct{}
}

func newMailbox() *mailbox { return &mailbox{bell: make(chan struct{}, 1)} }

func (m *mailbox) put(r reply) {
	m.mu.Lock()
	m.all = append(m.all, r)
	m.mu.Unlock()
	select {
	case m.bell <- struct{}{}:
	default: // it rang already
	}
}

func (m *mailbox) take() []reply {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.all
	m.all = nil
	return all
}
