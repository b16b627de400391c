package eventbus

import (
	"encoding/json"

	"github.com/ThreeDotsLabs/watermill/message"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
)

// forward hands hints to one listener. It takes every message at once, so that
// none piles up before it, and keeps the furthest hint until the listener is
// ready: who is slow misses those in between, never the last.
func forward(client ident.Client, messages <-chan *message.Message, hints chan<- bus.Hint) {
	defer close(hints)
	var furthest bus.Hint
	var ready chan<- bus.Hint // nil, and so never chosen, while there is nothing to tell
	for {
		select {
		case arrived, open := <-messages:
			if !open {
				return
			}
			arrived.Ack()
			var body payload
			if json.Unmarshal(arrived.Payload, &body) != nil {
				continue // not ours; a hint may be lost
			}
			if ready == nil || body.Seq > furthest.Seq {
				furthest = bus.Hint{Client: client, Seq: body.Seq}
			}
			ready = hints
		case ready <- furthest:
			ready = nil
		}
	}
}
