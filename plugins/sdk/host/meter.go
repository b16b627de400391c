package host

import (
	"fmt"
	"log/slog"
	"time"
)

// linesPerSecond is how many lines of a stream are logged; a plugin that prints
// in a loop must not fill the server's disk.
const linesPerSecond = 200

// meter logs lines and drops those beyond the limit. It is not safe for
// concurrent use: each stream has its own.
type meter struct {
	log    *slog.Logger
	stream string
	now    func() time.Time

	second  time.Time
	used    int
	dropped int
}

func newMeter(log *slog.Logger, stream string) *meter {
	return &meter{log: log, stream: stream, now: time.Now}
}

// line logs one line of the plugin.
func (m *meter) line(text string) {
	if second := m.now().Truncate(time.Second); !second.Equal(m.second) {
		m.tellDropped()
		m.second, m.used = second, 0
	}
	if m.used++; m.used > linesPerSecond {
		m.dropped++
		return
	}
	m.log.Info("plugin output", "stream", m.stream, "line", printable(text))
}

// tellDropped says how many lines are missing in the log.
func (m *meter) tellDropped() {
	if m.dropped > 0 {
		m.log.Warn("plugin prints too much", "stream", m.stream, "dropped", fmt.Sprintf("%d lines", m.dropped))
		m.dropped = 0
	}
}
