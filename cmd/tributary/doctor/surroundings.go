package doctor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
)

// plugins looks at them and starts those that are whole: what they are told may be wrong.
func (p Patient) plugins(ctx context.Context) []Finding {
	found, err := pluginhost.Inspect(p.Config.Plugins)
	if err != nil {
		return bad(err.Error(), "say where the plugins are with --plugins")
	}
	var all []Finding
	for _, one := range found {
		if one.Problem != nil {
			all = append(all, bad(one.Name+": "+one.Problem.Error(), "install the plugin again, program and manifest together")...)
		}
	}
	switch {
	case len(all) > 0:
		return all
	case len(found) == 0:
		return doubts("there are none: no bank can be reached", "put plugins into "+p.Config.Plugins)
	}
	if all = p.unstarted(ctx); len(all) > 0 {
		return all
	}
	return good(fmt.Sprintf("%d, each with the checksum of its manifest, and each starts", len(found)))
}

// starting is how long plugins may take to start.
const starting = 30 * time.Second

// unstarted starts the plugins as a server does, and ends them again.
func (p Patient) unstarted(ctx context.Context) (all []Finding) {
	host, err := pluginhost.Open(ctx, pluginhost.Options{
		Dir: p.Config.Plugins, Settings: p.Config.Settings, Together: p.Config.Together, StartTimeout: starting, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return bad(err.Error(), "say where the plugins are with --plugins")
	}
	defer host.Close(time.Second)
	for _, problem := range host.Problems() {
		reason := strings.TrimPrefix(problem.Reason.Error(), "plugin "+problem.Name+" ")
		all = append(all, bad(problem.Name+": "+reason, "see what it is told: plugin_settings, and its README; a server starts without it, and without its banks")...)
	}
	return all
}

// bus tries the broker. Without one everything works, later.
func (p Patient) bus(context.Context) []Finding {
	file := p.Config.BusURLFile
	if file == "" && p.Config.DatabaseURLFile != "" {
		return good("inside this process; several servers on one database see each other's events sooner with --bus-url-file")
	}
	if file == "" {
		return good("inside this process")
	}
	if err := p.Config.ProbeBus(); err != nil {
		return doubts("no broker answers: "+err.Error(), "see that the NATS server runs with JetStream and can be reached from here, and that "+file+
			" holds its address; until then events of other servers are seen up to two seconds later")
	}
	return good("a broker answers, and keeps hints")
}

// made is when this check was written: no clock that is right shows an earlier
// time.
var made = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// clock compares with what the database has seen: there is nobody else to ask.
func (p Patient) clock(context.Context) []Finding {
	if p.Now.Before(made) {
		return bad("the clock shows "+p.Now.UTC().Format(time.DateOnly)+", which is over", "set the clock; run a time service such as chrony")
	}
	info, err := os.Stat(node.Database(p.Config.Data))
	if err == nil && info.ModTime().After(p.Now.Add(5*time.Minute)) {
		return bad("the clock stands before the last write to the database", "set the clock; run a time service such as chrony")
	}
	return good("it shows " + p.Now.UTC().Format(time.RFC3339))
}

func (p Patient) address(ctx context.Context) []Finding {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", p.Config.Listen)
	switch {
	case err == nil:
		_ = listener.Close()
		return good(p.Config.Listen + " is free")
	case errors.Is(err, syscall.EADDRINUSE):
		return doubts(p.Config.Listen+" is taken", "fine if this server runs; if not, end what uses it or choose another with --listen")
	case errors.Is(err, syscall.EACCES):
		return bad(p.Config.Listen+" may not be used by this user", "choose a port above 1023, or allow it: setcap cap_net_bind_service=+ep")
	}
	return bad(p.Config.Listen+" cannot be listened on: "+err.Error(), "choose an address of this machine with --listen")
}

// Bytes below which a disk is worrying, and below which it is full.
const (
	little  = 1 << 30
	nothing = 100 << 20
)

func (p Patient) disk(context.Context) []Finding {
	free, err := p.Free(p.Config.Data)
	if err != nil {
		return doubts("the free space is not known: "+err.Error(), "look with df")
	}
	says := fmt.Sprintf("%d MiB are free", free>>20)
	switch {
	case free < nothing:
		return bad(says, "make room: writes are about to fail")
	case free < little:
		return doubts(says, "make room soon")
	}
	return good(says)
}

// Free asks the system.
func Free(folder string) (uint64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(folder, &stat); err != nil {
		return 0, err
	}
	return stat.Bavail * uint64(stat.Bsize), nil //nolint:gosec // a block size is positive
}
