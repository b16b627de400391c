package eventbus

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/ThreeDotsLabs/watermill"
	transport "github.com/ThreeDotsLabs/watermill-nats/v2/pkg/nats"
	"github.com/ThreeDotsLabs/watermill/message"
	"github.com/nats-io/nats.go"

	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/bus"
)

const (
	// streamName and subjects are what the broker keeps for us.
	streamName = "TRIBUTARY_HINTS"
	subjects   = "tributary.hints."
	// fresh is how long the broker keeps the furthest hint of each client: a
	// process that was cut off for less hears at once what it missed.
	fresh = time.Minute

	// brokerLimit bounds whatever the broker is asked.
	brokerLimit = 2 * time.Second
	// beat is how often a silent broker is asked whether it is there; one that
	// misses two is gone.
	beat, missed = 3 * time.Second, 2

	// origin is the header that names the process that sent a hint.
	originHeader = "Tributary-Origin"
)

// session is one connection with a broker, until the first trouble.
type session struct {
	conn       *nats.Conn
	publisher  *transport.Publisher
	subscriber *transport.Subscriber
	over       chan error // the first trouble
	forwarded  chan struct{}
}

var errLeft = errors.New("the broker closed the connection")

// dial connects and sees that the broker keeps hints.
func dial(url secret.String) (*session, error) {
	s := &session{over: make(chan error, 1)}
	conn, err := nats.Connect(url.Reveal(), nats.Name("tributary"), nats.NoReconnect(), nats.Timeout(brokerLimit),
		nats.PingInterval(beat), nats.MaxPingsOutstanding(missed), nats.FlusherTimeout(brokerLimit),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) { s.end(cmp.Or(err, errLeft)) }),
		nats.ClosedHandler(func(*nats.Conn) { s.end(errLeft) }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { s.end(err) }))
	if err != nil {
		return nil, err
	}
	s.conn = conn
	if err := s.open(); err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// end notes the first trouble.
func (s *session) end(err error) {
	select {
	case s.over <- err:
	default: // it is over
	}
}

func (s *session) open() (err error) {
	if err := s.ensureStream(); err != nil {
		return fmt.Errorf("the stream %s: %w", streamName, err)
	}
	// Hints are sent without waiting for the broker to have them: JetStream takes
	// in what comes on its subjects, and a hint may be lost.
	publishing := transport.PublisherPublishConfig{Marshaler: &transport.NATSMarshaler{}, JetStream: transport.JetStreamConfig{Disabled: true}}
	if s.publisher, err = transport.NewPublisherWithNatsConn(s.conn, publishing, watermill.NopLogger{}); err != nil {
		return err
	}
	listening := transport.SubscriberSubscriptionConfig{
		Unmarshaler: unmarshaler{}, CloseTimeout: brokerLimit, JetStream: transport.JetStreamConfig{
			ConnectOptions:   []nats.JSOpt{nats.MaxWait(brokerLimit)},
			SubscribeOptions: []nats.SubOpt{nats.OrderedConsumer(), nats.DeliverLastPerSubject(), nats.IdleHeartbeat(brokerLimit)},
		},
	}
	s.subscriber, err = transport.NewSubscriberWithNatsConn(s.conn, listening, watermill.NopLogger{})
	return err
}

// ensureStream makes the stream where it is not there. One that an operator made
// is taken as it is.
func (s *session) ensureStream() error {
	manager, err := s.conn.JetStream(nats.MaxWait(brokerLimit))
	if err != nil {
		return err
	}
	_, err = manager.StreamInfo(streamName)
	if !errors.Is(err, nats.ErrStreamNotFound) {
		return err
	}
	_, err = manager.AddStream(&nats.StreamConfig{
		Name: streamName, Description: "Hints between Tributary's servers; nothing is lost with them.", Subjects: []string{subjects + "*"},
		Storage: nats.MemoryStorage, MaxAge: fresh, MaxMsgsPerSubject: 1, Discard: nats.DiscardOld, Duplicates: fresh,
	})
	return err
}

// listen tells hear whatever arrives, until close.
func (s *session) listen(hear func(origin string, hint bus.Hint)) error {
	// The subscription ends with close and never with a context: Watermill's may
	// then write to a channel that it has closed.
	messages, err := s.subscriber.Subscribe(context.Background(), subjects+"*")
	if err != nil {
		return err
	}
	s.forwarded = make(chan struct{})
	go func() {
		defer close(s.forwarded)
		for arrived := range messages {
			arrived.Ack()
			if hint, ours := read(arrived); ours {
				hear(arrived.Metadata.Get(originHeader), hint)
			}
		}
	}()
	return nil
}

// read gives the hint of a message. Anybody whom the broker lets in may write
// there: what is not a hint is no matter.
func read(arrived *message.Message) (bus.Hint, bool) {
	var body payload
	client, err := ident.Parse[ident.Client](strings.TrimPrefix(arrived.Metadata.Get(subjectKey), subjects))
	if err != nil || json.Unmarshal(arrived.Payload, &body) != nil {
		return bus.Hint{}, false
	}
	return bus.Hint{Client: client, Seq: body.Seq}, true
}

// send tells the broker of a hint. The same hint has the same id, so that the
// broker may drop its double.
func (s *session) send(origin string, hint bus.Hint) error {
	body, err := json.Marshal(payload{Seq: hint.Seq})
	if err != nil {
		return err
	}
	id := string(hint.Client) + ":" + strconv.FormatInt(hint.Seq, 10)
	told := message.NewMessage(id, body)
	told.Metadata.Set(nats.MsgIdHdr, id)
	told.Metadata.Set(originHeader, origin)
	return s.publisher.Publish(subjects+string(hint.Client), told)
}

// close ends the session and waits until nothing of it is left.
func (s *session) close() {
	_ = s.subscriber.Close() // it may have lost its broker
	s.conn.Close()
	if s.forwarded != nil {
		<-s.forwarded
	}
}
