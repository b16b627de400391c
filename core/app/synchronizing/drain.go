package synchronizing

import (
	"context"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Drain lets a process go without breaking off what users are in the middle of:
// it knows the runs with a live session, which end with the process, and has them
// wait apart from the workers of the queue, like those above their bank's share. A
// nil Drain knows none.
type Drain struct {
	// Most is how many may be live at once; another one is lost at once.
	Most int
	// Share is how many runs of one bank's channel may be at work at once, those
	// that wait for their user aside.
	Share  int
	shares shares
	limit  time.Duration
	mu     sync.Mutex
	begin  bool
	live   map[ident.Synchronization]bool
	// gone is closed when those that wait apart have to end.
	gone  chan struct{}
	apart sync.WaitGroup
	// left is told when the last live run was left, ends is closed when those that
	// still wait for the user have to end.
	left chan struct{}
	ends chan struct{}
}

// NewDrain makes one that waits for at most limit.
func NewDrain(limit time.Duration) *Drain {
	return &Drain{
		Most: mostLive, Share: ownShare, limit: limit, live: map[ident.Synchronization]bool{}, left: make(chan struct{}, 1), ends: make(chan struct{}),
		gone: make(chan struct{}),
	}
}

// ownShare is half of the workers of a process.
const ownShare = 5

// End prepares the process to end: no further run is taken up, and those with a
// live session are waited for, because no other process can go on with them.
// After the limit their challenges expire, the channel says that the session was
// lost, and the user is offered to begin again. It is called once.
func (d *Drain) End(ctx context.Context) {
	d.mu.Lock()
	d.begin = true
	none := len(d.live) == 0
	d.mu.Unlock()
	if none || d.wait(ctx, d.limit) {
		return
	}
	close(d.ends)
	d.wait(ctx, lastWords)
}

// lastWords is how long it may take to write down that a session is lost.
const lastWords = 5 * time.Second

// wait reports whether the last live run was left in time.
func (d *Drain) wait(ctx context.Context, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-d.left:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// Live is how many runs have a live session.
func (d *Drain) Live() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.live)
}

// Begun reports whether the process is about to end.
func (d *Drain) Begun() bool {
	if d == nil {
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.begin
}

// hold enters a run that has a live session now, and frees its worker. It
// reports whether there is room for it.
func (d *Drain) hold(ctx context.Context, run ident.Synchronization) bool {
	if d == nil {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.live[run] && len(d.live) >= d.Most {
		return false
	}
	d.live[run] = true
	goApart(ctx)
	return true
}

func (d *Drain) leave(run ident.Synchronization) {
	if d == nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.live, run)
	if d.begin && len(d.live) == 0 {
		select {
		case d.left <- struct{}{}:
		default:
		}
	}
}

// over is closed when live challenges have to end; a nil channel never is.
func (d *Drain) over() <-chan struct{} {
	if d == nil {
		return nil
	}
	return d.ends
}
