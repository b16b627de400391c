package jobqueue

import (
	"context"
	"math"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// wake is the only kind of job River sees. Its own kinds are types known when
// it compiles, ours are names known when a runner starts.
type wake struct {
	Handler string `json:"handler"`
	Key     string `json:"key"`
}

// Kind names the jobs in River's table.
func (wake) Kind() string { return "wake" }

// maxAttempts is as far as River counts: a job whose handler fails for long is
// called rarely, but never thrown away.
const maxAttempts = math.MaxInt16

// plan turns a job's time into River's. River's uniqueness is not used: it
// counts a job at work as a twin and would swallow a wake that comes meanwhile,
// and it keeps the first time asked for, not the earliest. Twins do no harm.
func plan(job jobs.Job) *river.InsertOpts {
	if job.At.IsZero() {
		return nil
	}
	return &river.InsertOpts{ScheduledAt: job.At.UTC()}
}

// fetchable marks a planned job as available from the start. River looks at
// the time again when it fetches, so it is never early; left "scheduled" it
// would first wait for a sweep that passes every five seconds and only after a
// leader is elected.
type fetchable struct{ river.HookDefaults }

// InsertBegin is called by River before the row is written.
func (*fetchable) InsertBegin(_ context.Context, params *rivertype.JobInsertParams) error {
	params.State = rivertype.JobStateAvailable
	return nil
}

func insertHooks() []rivertype.Hook { return []rivertype.Hook{&fetchable{}} }
