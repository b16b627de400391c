package jobstest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/ports/jobs"
)

// Fake is a queue in memory. It keeps nothing when the process ends; the jobs
// that wait can be moved to another Fake with Waiting.
type Fake struct {
	// FirstPause follows the first error; each later pause is twice as long.
	FirstPause time.Duration

	mu      sync.Mutex
	waiting []*entry
	atWork  map[*entry]bool
	changed chan struct{}
}

type entry struct {
	jobs.Job
	pause time.Duration
}

// NewFake gives an empty queue with a first pause of 10 ms.
func NewFake() *Fake {
	return &Fake{FirstPause: 10 * time.Millisecond, atWork: map[*entry]bool{}, changed: make(chan struct{})}
}

var errUnknownKind = errors.New("jobstest: no handler for this kind")

// Enqueue adds a job.
func (f *Fake) Enqueue(ctx context.Context, job jobs.Job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	f.add(&entry{Job: job, pause: f.FirstPause})
	return nil
}

// Waiting tells the jobs that are not done, those at work included.
func (f *Fake) Waiting() []jobs.Job {
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []jobs.Job
	for one := range f.atWork {
		all = append(all, one.Job)
	}
	for _, one := range f.waiting {
		all = append(all, one.Job)
	}
	return all
}

// Run calls handlers until ctx ends; their context ends with it.
func (f *Fake) Run(ctx context.Context, handlers map[string]jobs.Handler) error {
	var atWork sync.WaitGroup
	defer atWork.Wait()
	for {
		job, wait, changed := f.next()
		if job != nil && ctx.Err() == nil {
			atWork.Go(func() { f.work(ctx, handlers[job.Kind], job) })
			continue
		}
		if job != nil {
			f.done(job, 0, true)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil
		case <-changed:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (f *Fake) add(job *entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.waiting = append(f.waiting, job)
	f.wake()
}

func (f *Fake) wake() {
	close(f.changed)
	f.changed = make(chan struct{})
}

// next takes a job that is due, or tells how long to wait for one.
func (f *Fake) next() (*entry, time.Duration, <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	wait := time.Hour
	for i, job := range f.waiting {
		left := time.Until(job.At)
		if left <= 0 {
			f.waiting = append(f.waiting[:i:i], f.waiting[i+1:]...)
			f.atWork[job] = true
			return job, 0, f.changed
		}
		wait = min(wait, left)
	}
	return nil, wait, f.changed
}

func (f *Fake) work(ctx context.Context, handler jobs.Handler, job *entry) {
	err := call(ctx, handler, job.Key)
	switch {
	case err == nil:
		f.done(job, 0, false)
	case ctx.Err() != nil:
		f.done(job, 0, true)
	default:
		f.done(job, job.pause, true)
	}
}

func (f *Fake) done(job *entry, pause time.Duration, again bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.atWork, job)
	if !again {
		return
	}
	job.At = time.Now().Add(pause)
	if pause > 0 {
		job.pause *= 2
	}
	f.waiting = append(f.waiting, job)
	f.wake()
}

func call(ctx context.Context, handler jobs.Handler, key string) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("jobstest: handler panicked: %v", cause)
		}
	}()
	if handler == nil {
		return errUnknownKind
	}
	return handler(ctx, key)
}
