package browser

import (
	"context"
	"sync"
	"syscall"
	"time"

	"github.com/go-rod/rod/lib/proto"

	"github.com/tributary-dev/tributary/plugins/scraper/gate"
)

// Pool opens visits in one Chromium, which it starts when the first begins, and anew when it has ended or has grown old.
type Pool struct {
	settings Settings
	slots    chan struct{}

	mu      sync.Mutex
	current *process
	former  []*process // with visits that are still open
	swept   bool
	closed  bool
}

// New makes a pool. Nothing is started.
func New(s Settings) *Pool {
	s = s.withDefaults()
	return &Pool{settings: s, slots: make(chan struct{}, s.Visits)}
}

// Open begins a visit. It waits until there is room for one.
func (p *Pool) Open(ctx context.Context, o Options) (*Visit, error) {
	if err := p.admit(ctx); err != nil {
		return nil, err
	}
	v, err := p.open(ctx, o)
	if err != nil && ctx.Err() == nil { // it ended just now, or shows nothing any more: the next one is another
		v, err = p.open(ctx, o)
	}
	if err != nil {
		<-p.slots
		return nil, err
	}
	v.left = func() { <-p.slots }
	return v, nil
}

// impatience is how often those who keep visits open for later are asked to give one up, while another waits.
const impatience = 100 * time.Millisecond

// admit waits until there is room.
func (p *Pool) admit(ctx context.Context) error {
	for {
		select {
		case p.slots <- struct{}{}:
			return nil
		default:
		}
		p.settings.MakeRoom()
		timer := time.NewTimer(impatience)
		select {
		case p.slots <- struct{}{}:
			timer.Stop()
			return nil
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-timer.C:
		}
	}
}

func (p *Pool) open(ctx context.Context, o Options) (*Visit, error) {
	process, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	v, err := process.visit(ctx, o)
	if err != nil {
		process.tire()
		process.part(nil)
		return nil, err
	}
	return v, nil
}

// take gives the process for one more visit.
func (p *Pool) take(ctx context.Context) (*process, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	if !p.swept {
		p.swept = true
		sweep(p.settings.Folder)
	}
	if p.current != nil && p.current.join() {
		return p.current, nil
	}
	p.retire()
	fresh, err := launch(ctx, p.settings)
	if err != nil {
		return nil, err
	}
	p.current = fresh
	go fresh.watch()
	fresh.join()
	return fresh, nil
}

// retire lets the present process go: it ends with its last visit.
func (p *Pool) retire() {
	kept := p.former[:0]
	for _, old := range p.former {
		if !old.gone() {
			kept = append(kept, old)
		}
	}
	p.former = kept
	if p.current != nil && !p.current.gone() {
		p.former = append(p.former, p.current)
		p.current.tire()
	}
	p.current = nil
}

// Processes are the groups of all Chromiums that run, for tests and for who wants to look.
func (p *Pool) Processes() (groups []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, each := range append(p.former, p.current) {
		if each != nil && !each.gone() {
			groups = append(groups, each.cmd.Process.Pid)
		}
	}
	return groups
}

// Close ends everything.
func (p *Pool) Close() {
	p.mu.Lock()
	p.closed = true
	all := append(p.former, p.current)
	p.former, p.current = nil, nil
	p.mu.Unlock()
	for _, each := range all {
		if each != nil {
			each.end()
		}
	}
}

// join counts a visit in, unless the process takes none any more.
func (p *process) join() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone() || p.weary || p.begun >= p.settings.Visited {
		return false
	}
	p.begun, p.open = p.begun+1, p.open+1
	return true
}

// part counts a visit out. The last one of a process that is to go takes it along.
func (p *process) part(v *Visit) {
	p.mu.Lock()
	if v != nil {
		delete(p.visits, v.context)
	}
	p.open--
	last := p.weary && p.open == 0
	p.mu.Unlock()
	if last {
		go p.end()
	}
}

// tire has the process take no more visits.
func (p *process) tire() {
	p.mu.Lock()
	p.weary = true
	idle := p.open == 0
	p.mu.Unlock()
	if idle {
		go p.end()
	}
}

// watch holds the process to its memory.
func (p *process) watch() {
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	for {
		select {
		case <-p.life.Done():
			return
		case <-tick.C:
		}
		p.weigh(shares(p.cmd.Process.Pid))
	}
}

// weigh ends a page that takes more than it may, and Chromium where all of it does.
func (p *process) weigh(all []share) {
	used := 0
	for _, s := range all {
		if s.page && s.bytes>>20 > p.settings.Page {
			p.settings.Report("a page uses more memory than it may, and its visit is ended")
			_ = syscall.Kill(s.pid, syscall.SIGKILL)
			continue
		}
		used += s.bytes
	}
	switch used >>= 20; {
	case used > p.settings.Memory:
		p.settings.Report("Chromium uses more memory than it may and is ended, with the visits in it")
		p.end()
	case used > p.settings.Memory*3/4:
		p.tire()
	}
}

// visit begins one in this process, with its first window: Chromium whose zygote was killed lives on and opens none.
func (p *process) visit(ctx context.Context, o Options) (*Visit, error) {
	way, err := gate.Open(o.Hosts)
	if err != nil {
		return nil, err
	}
	if o.Serve != nil { // nothing goes out
		way.Close()
	}
	made, err := proto.TargetCreateBrowserContext{ProxyServer: way.Address(), ProxyBypassList: "<-loopback>", DisposeOnDetach: true}.Call(p.line(ctx, ""))
	if err != nil {
		way.Close()
		return nil, err
	}
	v := &Visit{process: p, options: o, gate: way, context: made.BrowserContextID, changed: make(chan struct{}, 1)}
	v.life, v.fail = context.WithCancelCause(p.life)
	p.mu.Lock()
	p.visits[v.context] = v
	p.mu.Unlock()
	if err = v.begin(ctx); err != nil {
		v.dispose()
		p.mu.Lock()
		delete(p.visits, v.context)
		p.mu.Unlock()
		return nil, err
	}
	return v, nil
}
