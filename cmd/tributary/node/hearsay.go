package node

import (
	"log"
	"log/slog"
)

// hear has what libraries print by themselves told as records, to who debugs.
// net/http quotes there what an endpoint said without being asked, kilobytes of it.
func hear(to *slog.Logger) {
	log.SetFlags(0) // a record has its own time
	log.SetOutput(slog.NewLogLogger(to.Handler(), slog.LevelDebug).Writer())
}
