package browser

import (
	"cmp"
	"errors"
	"os"
	"time"
)

// Settings are the operator's.
type Settings struct {
	// Program is Chromium; it is looked for when empty.
	Program string
	// User is whom Chromium runs as where we are root; nobody when empty.
	User string
	// NoSandbox runs Chromium without its sandbox. Only the operator says so, and it is reported.
	NoSandbox bool
	// Folder is where profiles are kept while they are needed; the system's for temporary files when empty.
	Folder string
	// Visits is how many may be open at once; 8 when zero. Others wait.
	Visits int
	// Memory bounds the whole process group, in MiB; 2048 when zero. Above three quarters no visit begins in it; above all
	// of it it is ended.
	Memory int
	// Page bounds the process that shows the pages of one visit, in MiB; 768 when zero. Above it that visit is ended.
	Page int
	// Visited is after how many visits a process is replaced by a fresh one; 500 when zero.
	Visited int
	// MakeRoom is called while a visit has to wait: who keeps one open that nobody uses may close it.
	MakeRoom func()
	// Report tells the operator, in lines.
	Report func(line string)
}

func (s Settings) withDefaults() Settings {
	s.User = cmp.Or(s.User, "nobody")
	s.Folder = cmp.Or(s.Folder, os.TempDir())
	s.Visits = cmp.Or(s.Visits, 8)
	s.Memory = cmp.Or(s.Memory, 2048)
	s.Page = cmp.Or(s.Page, 768)
	s.Visited = cmp.Or(s.Visited, 500)
	if s.MakeRoom == nil {
		s.MakeRoom = func() {}
	}
	if s.Report == nil {
		s.Report = func(string) {}
	}
	return s
}

// Errors that callers tell apart.
var (
	// ErrSandbox: the system does not let Chromium have its sandbox.
	ErrSandbox = errors.New("the system refuses Chromium its sandbox (it needs unprivileged user namespaces: kernel.unprivileged_userns_clone, " +
		"kernel.apparmor_restrict_unprivileged_userns, or the seccomp profile of the container); the setting no_sandbox runs it without")
	// ErrUser: Chromium cannot be started as somebody without privileges.
	ErrUser = errors.New("we are root and cannot start Chromium as the unprivileged user")
	// ErrNoProgram: there is no Chromium.
	ErrNoProgram = errors.New("no Chromium was found; the setting chromium names it")
	// ErrGone: Chromium, or the window, is no longer there.
	ErrGone = errors.New("the browser is gone")
	// ErrRefused: the browser does not carry something out, mostly because a document was replaced just then.
	ErrRefused = errors.New("the browser refuses")
	// ErrHostile: a page went beyond what a visit may do.
	ErrHostile = errors.New("the page does more than a page may")
	// ErrClosed: the pool was closed.
	ErrClosed = errors.New("the browser is closed")
)

// Bounds of one visit, whatever a page does.
const (
	maxWindows     = 8
	maxDialogs     = 20
	maxNavigations = 60       // of all documents, after one act of ours
	maxMessage     = 64 << 20 // of DevTools
	callPatience   = 20 * time.Second
	startPatience  = 15 * time.Second
	writePatience  = 10 * time.Second
)
