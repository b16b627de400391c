package browser

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"sync"
	"time"
)

var errMessage = errors.New("not a message of DevTools")

// pipe carries messages of DevTools, each ended by a zero byte, over the two descriptors of --remote-debugging-pipe. It is
// what rod's cdp.Client takes for a web socket.
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

// Read gives the next message. It is held to the shape that rod relies upon, which panics at any other.
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
		message = message[:len(message)-1]
		var shape struct {
			ID        int
			SessionID string
			Method    string
			Error     *struct {
				Code    int
				Message string
				Data    string
			}
		}
		if json.Unmarshal(message, &shape) != nil {
			return nil, errMessage
		}
		return message, nil
	}
}
