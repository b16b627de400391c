package browser

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"github.com/go-rod/rod/lib/proto"

	"github.com/tributary-dev/tributary/plugins/scraper/gate"
)

// Options say what a visit is.
type Options struct {
	// Hosts are all that may be reached (gate.Allowed).
	Hosts []string
	// Library is a script that every document has in our own world before anything is called in it.
	Library string
	// Locale ("fr-FR") and Zone ("Europe/Paris") are what pages see; the system's when empty.
	Locale, Zone string
	// Storage is what an earlier visit left.
	Storage Storage
	// Downloads bounds one file, in bytes; none are taken when zero.
	Downloads int64
	// Serve answers all requests instead of the network: fixtures, replays.
	Serve http.Handler
}

// Visit is an isolated context: cookies, storage, windows and cache are its own.
type Visit struct {
	process   *process
	options   Options
	gate      *gate.Gate
	context   proto.BrowserBrowserContextID
	downloads downloads
	life      context.Context
	fail      context.CancelCauseFunc
	changed   chan struct{}
	left      func()
	closing   sync.Once

	mu          sync.Mutex
	windows     []*Window // in the order of their opening
	opened      int
	dialogs     int
	navigations int // since we did something
	exchanges   []Exchange
}

// prepare sets up what belongs to the whole visit.
func (v *Visit) prepare(ctx context.Context) error {
	behaviour := proto.BrowserSetDownloadBehavior{Behavior: proto.BrowserSetDownloadBehaviorBehaviorDeny, BrowserContextID: v.context}
	if v.options.Downloads > 0 {
		folder := filepath.Join(v.process.profile.home, "downloads-"+string(v.context))
		if err := os.Mkdir(folder, 0o700); err != nil {
			return err
		}
		if as := v.process.as; as != nil {
			if err := os.Chown(folder, int(as.Uid), int(as.Gid)); err != nil {
				return err
			}
		}
		v.downloads.folder = folder
		behaviour.Behavior, behaviour.DownloadPath, behaviour.EventsEnabled = proto.BrowserSetDownloadBehaviorBehaviorAllowAndName, folder, true
	}
	if err := behaviour.Call(v.process.line(ctx, "")); err != nil {
		return err
	}
	return v.restore(ctx)
}

// begin opens the first window, and sees to it that it reaches what it may.
func (v *Visit) begin(ctx context.Context) error {
	if err := v.prepare(ctx); err != nil {
		return err
	}
	w, err := v.Window(ctx)
	if err != nil {
		return err
	}
	return w.prove(ctx)
}

// Window gives the window that is in front: the one opened last of those that are open. It opens the first.
func (v *Visit) Window(ctx context.Context) (*Window, error) {
	if w := v.front(); w != nil {
		return w, w.await(ctx)
	}
	made, err := proto.TargetCreateTarget{URL: "about:blank", BrowserContextID: v.context}.Call(v.process.line(ctx, ""))
	if err != nil {
		return nil, err
	}
	for {
		if w := v.byTarget(made.TargetID); w != nil {
			return w, w.await(ctx)
		}
		if err := v.Wait(ctx); err != nil {
			return nil, err
		}
	}
}

// Wait returns when something may have changed.
func (v *Visit) Wait(ctx context.Context) error {
	select {
	case <-v.changed:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-v.life.Done():
		return v.Err()
	}
}

// Changed tells that something may have changed.
func (v *Visit) Changed() <-chan struct{} { return v.changed }

// Done is closed when the visit has ended.
func (v *Visit) Done() <-chan struct{} { return v.life.Done() }

// Err says why a visit ended: ErrGone with Chromium, ErrHostile by what a page did, ErrClosed by ourselves.
func (v *Visit) Err() error {
	switch {
	case v.life.Err() == nil:
		return nil
	case v.process.gone():
		return ErrGone
	}
	return context.Cause(v.life)
}

// Refused counts the requests that were not let through, by host.
func (v *Visit) Refused() map[string]int { return v.gate.Refused() }

// Close ends the visit and forgets all that was in it.
func (v *Visit) Close() {
	v.closing.Do(func() {
		v.fail(ErrClosed)
		v.dispose()
		if v.left != nil {
			v.process.part(v)
			v.left()
		}
	})
}

func (v *Visit) dispose() {
	v.fail(ErrClosed)
	if !v.process.gone() {
		ctx, cancel := context.WithTimeout(context.Background(), callPatience)
		defer cancel()
		_ = proto.TargetDisposeBrowserContext{BrowserContextID: v.context}.Call(v.process.line(ctx, ""))
	}
	v.gate.Close()
	v.downloads.remove()
}

// notify says that something may have changed.
func (v *Visit) notify() {
	select {
	case v.changed <- struct{}{}:
	default:
	}
}

// attach takes a window that Chromium opened.
func (v *Visit) attach(e proto.TargetAttachedToTarget) {
	w := &Window{visit: v, session: e.SessionID, target: e.TargetInfo.TargetID, ready: make(chan struct{}), frames: map[proto.PageFrameID]struct{}{}, moving: map[proto.PageFrameID]struct{}{}, torn: map[proto.PageFrameID]string{}, worlds: map[proto.PageFrameID]proto.RuntimeExecutionContextID{}}
	w.life, w.end = context.WithCancelCause(v.life)
	v.mu.Lock()
	v.opened++
	tooMany := v.opened > maxWindows*4 || len(v.windows) >= maxWindows
	v.windows = append(v.windows, w)
	v.mu.Unlock()
	if tooMany {
		v.fail(fmt.Errorf("%w: windows", ErrHostile))
		return
	}
	go w.prepare()
}

func (v *Visit) lost(session proto.TargetSessionID) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for i, w := range v.windows {
		if w.session == session {
			w.end(errShut)
			v.windows = append(v.windows[:i:i], v.windows[i+1:]...)
			v.notify()
			return
		}
	}
}

func (v *Visit) front() *Window {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.windows) == 0 {
		return nil
	}
	return v.windows[len(v.windows)-1]
}

func (v *Visit) bySession(session proto.TargetSessionID) *Window {
	return v.which(func(w *Window) bool { return w.session == session })
}

func (v *Visit) byTarget(target proto.TargetTargetID) *Window {
	return v.which(func(w *Window) bool { return w.target == target })
}

func (v *Visit) which(is func(*Window) bool) *Window {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, w := range v.windows {
		if is(w) {
			return w
		}
	}
	return nil
}
