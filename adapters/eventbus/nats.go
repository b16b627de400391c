package eventbus

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/bus"
)

// NATS says how hints travel between processes.
type NATS struct {
	// URL of the brokers, with credentials where they ask for them.
	URL secret.String
	// Process names this process to others: it tells its own readers itself.
	Process string
	Logger  *slog.Logger
	// Retry is the pause between two tries to reach a broker; zero is a second.
	Retry time.Duration
}

// Shared is a bus between processes, through NATS JetStream. Whoever waits here
// waits on a bus inside this process, which one subscription feeds: a thousand
// waiting readers cost the broker one.
type Shared struct {
	*Bus
	config NATS
	outbox outbox
	stop   context.CancelFunc
	ended  chan struct{}

	mu   sync.Mutex
	gone error // nil while a broker answers
}

var _ bus.Bus = (*Shared)(nil)

// errUnreached is why a bus has no broker at first.
var errUnreached = errors.New("no broker was reached yet")

// OpenNATS gives a bus between processes. It opens though no broker is there:
// until one is, what happens elsewhere is seen a look later.
func OpenNATS(config NATS) (*Shared, error) {
	if err := CheckAddress(config.URL); err != nil {
		return nil, err
	}
	config.Logger = cmp.Or(config.Logger, slog.New(slog.DiscardHandler))
	config.Retry = cmp.Or(config.Retry, time.Second)
	ctx, stop := context.WithCancel(context.Background())
	s := &Shared{
		Bus: OpenLocal(Config{Logger: config.Logger}), config: config,
		outbox: newOutbox(), stop: stop, ended: make(chan struct{}), gone: errUnreached,
	}
	go s.run(ctx)
	return s, nil
}

// Publish tells readers in this process at once, and the others soon.
func (s *Shared) Publish(ctx context.Context, hint bus.Hint) {
	s.Bus.Publish(ctx, hint)
	s.outbox.put(hint)
}

// Answers tells whether a broker carries hints now, and why it does not.
func (s *Shared) Answers(context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gone
}

// Close lets the broker go, and ends every listener.
func (s *Shared) Close() error {
	s.stop()
	<-s.ended
	return s.Bus.Close()
}

// run keeps a session with a broker, one after the other, until ctx ends. What
// the broker kept in its memory may be gone with it, so everything is made anew
// with each session.
func (s *Shared) run(ctx context.Context) {
	defer close(s.ended)
	for ctx.Err() == nil {
		err := s.session(ctx)
		if ctx.Err() != nil {
			return
		}
		s.note(ctx, err)
		pause := time.NewTimer(s.config.Retry)
		select {
		case <-ctx.Done():
		case <-pause.C:
		}
		pause.Stop()
	}
}

// session lasts as long as its broker.
func (s *Shared) session(ctx context.Context) error {
	current, err := dial(s.config.URL)
	if err != nil {
		return err
	}
	defer current.close()
	if err := current.listen(s.hear); err != nil {
		return err
	}
	s.note(ctx, nil)
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-current.over:
			return err
		case <-s.outbox.bell:
			for _, hint := range s.outbox.take() {
				if err := current.send(s.config.Process, hint); err != nil {
					return err
				}
			}
		}
	}
}

// hear passes on what another process told.
func (s *Shared) hear(origin string, hint bus.Hint) {
	if origin != s.config.Process {
		s.Bus.Publish(context.Background(), hint)
	}
}

// note keeps what is known of the broker, and logs what changed.
func (s *Shared) note(ctx context.Context, err error) {
	s.mu.Lock()
	before := s.gone
	s.gone = err
	s.mu.Unlock()
	switch {
	case err == nil:
		s.config.Logger.InfoContext(ctx, "hints travel through the broker")
	case before == nil || errors.Is(before, errUnreached):
		s.config.Logger.WarnContext(ctx, "no broker answers: events of other servers are seen up to a look later", slog.Any("error", err))
	}
}
