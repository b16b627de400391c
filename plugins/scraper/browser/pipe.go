package browser

import (
	"bufio"
	"errors"
	"os"
	"sync"
	"time"
)

var errMessage = errors.New("not a message of DevTools")

// pipe carries messages of DevTools, each ended by a zero byte, over the two descriptors of --remote-debugging-pipe. It has
// the interface of a web socket that rod's cdp.Client takes. Its client is not used (see talk): it cannot send a call
// before the one before is answered, which a window that waits for us needs, and panics at a message of another shape.
type pipe struct {
	in  *bufio.Reader
	out *os.File
	mu  sync.Mutex // of writing
}

func newPipe(in, out *os.File) *pipe { return &pipe{in: bufio.NewReaderSize(in, 64<<10), out: out} }

// Send writes one message. A browser that does not read for long is as good as gone.
func (p *pipe) Send(data []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_ = p.out.SetWriteDeadline(time.Now().Add(writePatience))
	_, err := p.out.Write(append(data, 0))
	return err
}

// Read gives the next message.
func (p *pipe) Read() ([]byte, error) {
	var message []byte
	for {
		part, err := p.in.ReadSlice(0)
		message = append(message, part...)
		switch {
		case len(message) > maxMessage:
			return nil, errMessage
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil:
			return nil, err
		}
		return message[:len(message)-1], nil
	}
}
