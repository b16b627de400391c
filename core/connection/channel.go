package connection

import (
	"slices"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/event"
)

// Add has the connection use one more channel of its provider. The run that reads
// it first is started next.
func (c *Connection) Add(definition string, kind bank.ChannelType) error {
	if _, err := c.Channel(definition); err == nil {
		return ErrTwice
	}
	c.Channels = append(slices.Clone(c.Channels), Channel{DefinitionID: definition, Type: kind, Status: ChannelRunning, Message: sentences[ChannelRunning]})
	c.Status = Derive(c.Channels, c.Status)
	c.record(event.ConnectionUpdated, definition, event.Data{"status": string(c.Status)})
	return nil
}
