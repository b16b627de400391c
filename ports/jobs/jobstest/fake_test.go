package jobstest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/jobs/jobstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestFake(t *testing.T) {
	t.Parallel()
	jobstest.Run(t, func(*testing.T) jobstest.Backend { return &memory{fake: jobstest.NewFake()} })
}

// memory is a backend whose process never ends: what a restart finds is what
// waits or was at work.
type memory struct{ fake *jobstest.Fake }

func (m *memory) Open(*testing.T) jobstest.Queue { return m.fake }
func (m *memory) Close(*testing.T)               {}
func (m *memory) FirstPause() time.Duration      { return m.fake.FirstPause }

func (m *memory) Crashed(t *testing.T) jobstest.Backend {
	found := jobstest.NewFake()
	for _, job := range m.fake.Waiting() {
		require.NoError(t, found.Enqueue(t.Context(), job))
	}
	return &memory{fake: found}
}

func (m *memory) InTx(t *testing.T, work func(jobs.Enqueuer) error) error {
	var tx pending
	if err := work(&tx); err != nil {
		return err
	}
	for _, job := range tx {
		require.NoError(t, m.fake.Enqueue(t.Context(), job))
	}
	return nil
}

// pending is a transaction: jobs that wait for a commit.
type pending []jobs.Job

func (p *pending) Enqueue(_ context.Context, job jobs.Job) error {
	*p = append(*p, job)
	return nil
}
