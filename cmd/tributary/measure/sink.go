package main

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// sink takes webhooks with as little work as can be: it reads a request and says
// 204. It notes when the last one came and, where asked to, how long after its event.
type sink struct {
	listener net.Listener
	// silent holds what it gets and never answers.
	silent  bool
	arrived atomic.Int64
	last    atomic.Int64

	mu      sync.Mutex
	since   time.Time
	latency []time.Duration
	open    map[net.Conn]bool
}

func newSink(silent bool) (*sink, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &sink{listener: listener, silent: silent, open: map[net.Conn]bool{}}
	go s.accept()
	return s, nil
}

func (s *sink) url() string { return "http://" + s.listener.Addr().String() + "/" }

func (s *sink) close() {
	_ = s.listener.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.open {
		_ = c.Close()
	}
}

func (s *sink) accept() {
	for {
		c, err := s.listener.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.open[c] = true
		s.mu.Unlock()
		go func() {
			s.serve(c)
			_ = c.Close()
			s.mu.Lock()
			delete(s.open, c)
			s.mu.Unlock()
		}()
	}
}

func (s *sink) serve(c net.Conn) {
	in := bufio.NewReader(c)
	var body []byte
	for {
		length, err := headers(in)
		if err != nil {
			return
		}
		if s.silent {
			_, _ = io.Copy(io.Discard, in)
			return
		}
		body = append(body[:0], make([]byte, length)...)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		s.note(body)
		if _, err := c.Write([]byte("HTTP/1.1 204 No Content\r\n\r\n")); err != nil {
			return
		}
	}
}

// headers reads to the end of them, and gives the length of the body.
func headers(in *bufio.Reader) (length int, err error) {
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			return length, nil
		}
		if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
}

func (s *sink) note(body []byte) {
	now := time.Now()
	s.last.Store(now.UnixNano())
	s.arrived.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return
	}
	_, rest, _ := bytes.Cut(body, []byte(`"occurred_at":"`))
	text, _, _ := bytes.Cut(rest, []byte(`"`))
	if at, err := time.Parse(time.RFC3339Nano, string(text)); err == nil && at.After(s.since) {
		s.latency = append(s.latency, now.Sub(at))
	}
}

// time notes how long events take that happen from now on.
func (s *sink) time() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.since = time.Now()
}

// timed are those that were noted.
func (s *sink) timed() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.latency)
}
