package pluginhost

import (
	"context"
	"time"
)

// drain refuses new work, waits until what the plugin holds is done, for at
// most limit, and ends the process for good. held tells of work that no call
// shows, and may be nil.
func (p *plugin) drain(limit time.Duration, held func() bool) {
	p.signal(drained)
	p.stop()
	<-p.over
	p.mu.Lock()
	process := p.process
	p.mu.Unlock()
	if process == nil {
		return
	}
	p.log.Info("plugin is being drained", "version", p.installed.Version, "limit", limit)
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	go p.remind(ctx, cancel, process)
	_ = p.waitUntil(ctx, func() bool { return p.users == 0 && (held == nil || !held()) })
	process.Close(0)
	p.mu.Lock()
	p.process = nil
	p.wake()
	p.mu.Unlock()
	p.log.Info("plugin ended", "version", p.installed.Version)
}

// remind has whoever waits look again: a session expires without a word. The
// end of the process ends the waiting.
func (p *plugin) remind(ctx context.Context, cancel context.CancelFunc, process process) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-process.Done():
			cancel()
			return
		case <-ctx.Done():
			return
		case <-tick.C:
			p.mu.Lock()
			p.wake()
			p.mu.Unlock()
		}
	}
}
