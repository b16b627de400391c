package serve

import (
	"sync"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/wire"
)

// sink sends the items of one fetch. A provider may read accounts in parallel,
// so sending is serialised here.
type sink struct {
	mu    sync.Mutex
	order contract.Stream
	send  func(*wire.Item) error
	// report notes why an account could not be read.
	report func(call string, err error)
}

// Send implements sdk.Sink. An item that breaks the contract is refused with a
// failure that the provider should return.
func (s *sink) Send(item sdk.Item) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.order.Next(item); err != nil {
		return untrue(err)
	}
	if failed, is := item.(sdk.AccountFailureItem); is {
		s.report("Fetch of an account", &failed.Failure)
	}
	m, err := wire.ItemOf(item)
	if err != nil {
		return untrue(err)
	}
	return s.send(m)
}
