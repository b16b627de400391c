package testbanktest

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/testbank"
)

// Fake is a test bank in memory. It reads of a configuration only the names
// that tests use, and takes every line with the word "mistake:" for one.
type Fake struct {
	mu        sync.Mutex
	absent    bool
	instances int
	offset    time.Duration
	texts     map[ident.Configuration]string
	puts      int
	down      map[ident.Configuration]bool
	forgiven  []string
}

// NewFake makes a test bank with the persona "ann".
func NewFake() *Fake {
	f := &Fake{}
	f.Restart()
	return f
}

// Restart makes it forget everything.
func (f *Fake) Restart() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.instances, f.absent, f.offset = f.instances+1, false, 0
	f.texts, f.down = map[ident.Configuration]string{"": "login: ann,"}, map[ident.Configuration]bool{}
}

// Stop lets nobody reach it until it restarts.
func (f *Fake) Stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.absent = true
}

// Offset is where its clock stands.
func (f *Fake) Offset() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.offset
}

// Puts counts the configurations that it was given.
func (f *Fake) Puts() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.puts
}

// Down reports whether one of its banks is down.
func (f *Fake) Down(id ident.Configuration) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.down[id]
}

// Forgiven lists who was forgiven, as bank/login.
func (f *Fake) Forgiven() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.forgiven...)
}

// told runs what a call does, unless nobody answers.
func (f *Fake) told(ctx context.Context, do func() error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.absent {
		return testbank.ErrUnavailable
	}
	return do()
}

// Instance implements testbank.Bank.
func (f *Fake) Instance(ctx context.Context) (name string, err error) {
	err = f.told(ctx, func() error { name = fmt.Sprintf("instance %d", f.instances); return nil })
	return name, err
}

// SetOffset implements testbank.Bank.
func (f *Fake) SetOffset(ctx context.Context, offset time.Duration) error {
	return f.told(ctx, func() error { f.offset = offset; return nil })
}

// Configurations implements testbank.Bank.
func (f *Fake) Configurations(ctx context.Context) (all []ident.Configuration, err error) {
	err = f.told(ctx, func() error {
		for id := range f.texts {
			if id != "" {
				all = append(all, id)
			}
		}
		return nil
	})
	return all, err
}

var bankName = regexp.MustCompile(`bank: \{name: ([^,}]*)`)

// Put implements testbank.Bank.
func (f *Fake) Put(ctx context.Context, id ident.Configuration, text []byte) (name string, err error) {
	err = f.told(ctx, func() error {
		var wrong []fault.Detail
		for i, line := range strings.Split(string(text), "\n") {
			if at := strings.Index(line, "mistake:"); at >= 0 {
				wrong = append(wrong, fault.At("body.text", fmt.Sprintf("line %d, column %d: is not known", i+1, at+1)))
			}
		}
		if len(wrong) > 0 {
			return testbank.ErrMistakes.With(wrong...)
		}
		if found := bankName.FindSubmatch(text); found != nil {
			name = string(found[1])
		}
		f.texts[id] = string(text)
		f.puts++
		return nil
	})
	return name, err
}

// Delete implements testbank.Bank.
func (f *Fake) Delete(ctx context.Context, id ident.Configuration) error {
	return f.told(ctx, func() error { delete(f.texts, id); return nil })
}

// Forgive implements testbank.Bank.
func (f *Fake) Forgive(ctx context.Context, id ident.Configuration, login string) error {
	return f.told(ctx, func() error {
		if login == "" || !strings.Contains(f.texts[id], "login: "+login+",") {
			return testbank.ErrPersona
		}
		f.forgiven = append(f.forgiven, string(id)+"/"+login)
		return nil
	})
}

// SetDown implements testbank.Bank.
func (f *Fake) SetDown(ctx context.Context, id ident.Configuration, down bool) error {
	return f.told(ctx, func() error {
		if _, known := f.texts[id]; !known {
			return testbank.ErrPersona
		}
		f.down[id] = down
		return nil
	})
}
