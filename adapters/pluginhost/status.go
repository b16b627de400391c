package pluginhost

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// Status is how one generation of a plugin does.
type Status struct {
	Name    string
	Version string
	Phase   Phase
	// Since is when it came into that phase.
	Since time.Time
	// RetryAt is when it is started again by itself; zero when it runs.
	RetryAt time.Time
	// Restarts since the server started.
	Restarts int
	// InFlight calls.
	InFlight int
	// Pid of the process; 0 when none runs.
	Pid int
	// Reason why it does not serve, for the operator.
	Reason error
}

// Status tells of every plugin by name: the one that serves first, then those
// that are drained.
func (h *Host) Status() []Status {
	h.mu.RLock()
	all := slices.Concat(h.plugins, h.leaving)
	h.mu.RUnlock()
	out := make([]Status, len(all))
	for i, p := range all {
		out[i] = p.status()
	}
	slices.SortStableFunc(out, func(a, b Status) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

var errNoneUp = errors.New("pluginhost: none of the plugins is up")

// Ready fails where something is installed and no plugin is up: then no bank
// can be reached. One that is down beside others is told by Status: taking the
// whole server away would take the other banks with it.
func (h *Host) Ready(context.Context) error {
	h.mu.RLock()
	defer h.mu.RUnlock()
	for _, p := range h.plugins {
		if p.phase() == Up {
			return nil
		}
	}
	if len(h.plugins)+len(h.problems) == 0 {
		return nil
	}
	return errNoneUp
}

// Problem tells why something in the folder is not served.
type Problem struct {
	// Name of the plugin or file.
	Name string
	// Reason is for the operator.
	Reason error
}

var errStarting = errors.New("it is still being started")

// Problems are what was found and is not in the catalogue, by name. A plugin
// that was served and failed later is none: [Host.Status] tells of it.
func (h *Host) Problems() []Problem {
	h.mu.RLock()
	defer h.mu.RUnlock()
	out := slices.Clone(h.problems)
	for _, p := range h.plugins {
		if p.described() == nil {
			out = append(out, Problem{p.installed.Name, cmp.Or(p.lastError(), errStarting)})
		}
	}
	slices.SortStableFunc(out, func(a, b Problem) int { return cmp.Compare(a.Name, b.Name) })
	return out
}
