package world

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/crash/call"
	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// Server is a real server process that can be stopped at a point. Several may
// share one folder and one PostgreSQL database.
type Server struct {
	ClientID, ClientSecret string
	// At tells the names of points where the server stands still.
	At chan string
	// Options beside those of the world.
	Options []string

	programs Programs
	folder   string
	bank     *Bank
	database *Database
	address  string
	process  *process
	control  *os.File
	caller   *http.Client
	mu       sync.Mutex
	seen     map[string]bool
}

// OpenServer prepares a server; Start starts it.
func OpenServer(programs Programs, folder string, bank *Bank, database *Database, options ...string) (*Server, error) {
	address, err := pgcluster.FreeAddress()
	if err != nil {
		return nil, err
	}
	return &Server{
		At: make(chan string, 100), Options: options, programs: programs, folder: folder, bank: bank, database: database, address: address,
		caller: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}, Timeout: 30 * time.Second}, seen: map[string]bool{},
	}, nil
}

// Start starts the process and waits until it answers, or stands at a point.
func (s *Server) Start() error {
	s.caller.CloseIdleConnections()
	said, saying, err := os.Pipe()
	if err != nil {
		return err
	}
	told, telling, err := os.Pipe()
	if err != nil {
		return err
	}
	args := append([]string{
		"-data", filepath.Join(s.folder, "data"), "-listen", s.address, "-plugins", s.programs.path("plugins"), "-testbank-url", s.bank.URL,
	}, append(s.database.flags(), s.Options...)...)
	s.process, err = launch(s.folder, []*os.File{saying, told}, s.programs.path("server"), args...)
	_, _ = saying.Close(), told.Close()
	if err != nil {
		return err
	}
	s.control = telling
	go s.listen(said)
	var greeting struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	}
	if err := s.process.greeting(&greeting); err != nil {
		return fmt.Errorf("the server: %w\n%s", err, s.process.said())
	}
	s.ClientID, s.ClientSecret = greeting.ClientID, greeting.ClientSecret
	return nil
}

// listen hears what the server says until it is gone.
func (s *Server) listen(said *os.File) {
	defer func() { _ = said.Close() }()
	for lines := bufio.NewScanner(said); lines.Scan(); {
		what, name, _ := strings.Cut(lines.Text(), " ")
		if what == "at" {
			s.At <- name
			continue
		}
		s.mu.Lock()
		s.seen[name] = true
		s.mu.Unlock()
	}
}

// Seen are the points that were passed since the world began.
func (s *Server) Seen() (names []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.seen {
		names = append(names, name)
	}
	return names
}

// Arm has the server stop where it reaches a point, after skipping some times.
func (s *Server) Arm(name string, skip int) { s.tell(fmt.Sprintf("arm %s %d", name, skip)) }

// Disarm lets it pass everywhere.
func (s *Server) Disarm() { s.tell("disarm") }

// Go lets it go on from where it stands.
func (s *Server) Go() { s.tell("go") }

// tell writes to a process that may be dead: then nobody has to hear it.
func (s *Server) tell(line string) { _, _ = fmt.Fprintln(s.control, line) }

// Kill ends it with SIGKILL, from outside. Stop is Ctrl-C.
func (s *Server) Kill() {
	if s.process == nil {
		return
	}
	s.process.kill()
	s.forget()
}

// Stop ends it as Ctrl-C does; late, by force.
func (s *Server) Stop() {
	_ = s.process.command.Process.Signal(os.Interrupt)
	select {
	case <-s.process.ended:
	case <-time.After(10 * time.Second):
		s.process.kill()
	}
	s.forget()
}

// forget closes what led to a process that is gone, and drops what it said.
func (s *Server) forget() {
	_ = s.control.Close()
	for len(s.At) > 0 {
		<-s.At
	}
}

// Ended is closed when the process is gone.
func (s *Server) Ended() <-chan struct{} { return s.process.ended }

// Pause is SIGSTOP, Wake SIGCONT.
func (s *Server) Pause() error { return syscall.Kill(s.process.pid(), syscall.SIGSTOP) }

// Wake is SIGCONT.
func (s *Server) Wake() error { return syscall.Kill(s.process.pid(), syscall.SIGCONT) }

// KillPlugin is SIGKILL to the plugin's process, if it runs just now.
func (s *Server) KillPlugin() bool {
	pid, found := named(s.process.pid(), "testbank")
	return found && syscall.Kill(pid, syscall.SIGKILL) == nil
}

// Said is the end of the server's log.
func (s *Server) Said() string { return s.process.said() }

// Caller makes calls of the server with a token.
func (s *Server) Caller(token string) call.Caller {
	return call.Caller{Base: "http://" + s.address, Token: token, HTTP: s.caller}
}
