package node

import (
	"context"
	"fmt"

	"github.com/tributary-dev/tributary/adapters/eventbus"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/bus"
)

// openBus opens the way of hints: inside this process, or between servers where
// a setting names a broker. One that is gone keeps no server from starting.
func (n *Node) openBus(context.Context) error {
	if n.config.BusURLFile == "" {
		local := eventbus.OpenLocal(eventbus.Config{Logger: n.log})
		n.bus, n.closers = local, append(n.closers, local.Close)
		return nil
	}
	url, err := n.config.busURL()
	if err != nil {
		return err
	}
	shared, err := eventbus.OpenNATS(eventbus.NATS{URL: url, Process: owner(), Logger: n.log})
	if err != nil {
		return err
	}
	n.bus, n.broker, n.closers = shared, shared, append(n.closers, shared.Close)
	n.watchBroker(shared)
	return nil
}

// broker is a bus that may lose what carries it.
type broker interface {
	bus.Bus
	Answers(ctx context.Context) error
}

// busURL reads the address of the broker, which holds a password.
func (c Config) busURL() (secret.String, error) { return secretIn("bus_url_file", c.BusURLFile) }

func (c Config) refuseBus() Refusals {
	if c.BusURLFile == "" {
		return nil
	}
	url, err := c.busURL()
	if err == nil {
		err = eventbus.CheckAddress(url)
		if err != nil {
			err = fmt.Errorf("bus_url_file: what %s holds %w", c.BusURLFile, err)
		}
	}
	if err != nil {
		return Refusals{err.Error()}
	}
	return nil
}

// ProbeBus tries the broker that the configuration names, if any.
func (c Config) ProbeBus() error {
	url, err := c.busURL()
	if err != nil {
		return err
	}
	return eventbus.ProbeNATS(url)
}

// errBroker is what a probe is told of a broker that is gone: everything works.
var errBroker = fault.New(fault.Unavailable, "broker_gone", "No broker answers: events of other servers are seen up to two seconds later.")

func (n *Node) brokerAnswers(ctx context.Context) error {
	if err := n.broker.Answers(ctx); err != nil {
		return errBroker.Because(err)
	}
	return nil
}
