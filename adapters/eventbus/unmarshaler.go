package eventbus

import (
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"
)

// subjectKey is the metadata that holds the subject a message came on.
const subjectKey = "subject"

// unmarshaler reads the few headers that we know: Watermill's own refuses a
// message with a repeated header, and panics on it afterwards.
type unmarshaler struct{}

// Unmarshal implements Watermill's interface.
func (unmarshaler) Unmarshal(arrived *nats.Msg) (*message.Message, error) {
	told := message.NewMessage(arrived.Header.Get(nats.MsgIdHdr), arrived.Data)
	told.Metadata.Set(subjectKey, arrived.Subject)
	told.Metadata.Set(originHeader, arrived.Header.Get(originHeader))
	arrived.Reply = "" // nothing is to be acknowledged: a hint is told once
	return told, nil
}
