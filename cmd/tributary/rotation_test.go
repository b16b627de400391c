package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
)

// vaults are users with something sealed, in a data folder.
type vaults struct {
	data   string
	owner  clientShape
	store  *bunstore.Store
	sealed sync.Map // user → what is sealed under its key
}

const sealedUsers = 300

func newVaults(t *testing.T) *vaults {
	t.Helper()
	v := &vaults{data: folder(t)}
	v.owner = does[clientShape](t, "client", "create", "--data", v.data, "--name", "one")
	var err error
	v.store, err = bunstore.OpenSQLite(t.Context(), bunstore.Config{Path: node.Database(v.data), Shared: true})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, v.store.Close()) })
	box := v.box(t)
	require.NoError(t, v.store.Update(t.Context(), store.Fence{}, func(tx store.Tx) error {
		for range sealedUsers {
			if err := v.add(t.Context(), tx, box); err != nil {
				return err
			}
		}
		return nil
	}))
	return v
}

func (v *vaults) keyFile() string { return filepath.Join(v.data, "master.key") }

// box is what a process has that starts now.
func (v *vaults) box(t *testing.T) *sealbox.Box {
	t.Helper()
	box, err := sealbox.Watch(v.keyFile(), time.Now)
	require.NoError(t, err)
	return box
}

func (v *vaults) binding(id ident.User) sealer.Binding {
	return sealer.Binding{Client: v.owner.ID, User: id, Purpose: "secrets"}
}

// add makes a user and seals its own id.
func (v *vaults) add(ctx context.Context, tx store.Tx, box sealer.Box) error {
	id := ident.New[ident.User](ident.Real())
	key, err := box.NewKey(v.owner.ID, id)
	if err != nil {
		return err
	}
	text, err := box.Seal(key, v.binding(id), secret.FromBytes([]byte(id)))
	if err != nil {
		return err
	}
	v.sealed.Store(id, text)
	return tx.Users().Put(ctx, user.New(id, v.owner.ID, user.Identity{ExternalID: string(id)}, "", key, time.Now()))
}

// open reads one user's key as it is now and opens what is sealed under it.
func (v *vaults) open(ctx context.Context, box sealer.Box, id ident.User, sealed []byte) error {
	var found *user.User
	err := v.store.View(ctx, func(tx store.Tx) (err error) {
		found, err = tx.Users().Get(ctx, store.Owner{Client: v.owner.ID}, id)
		return err
	})
	if err != nil {
		return err
	}
	plain, err := box.Open(found.SealedKey, v.binding(id), sealed)
	if err == nil && string(plain.Reveal()) != string(id) {
		err = fmt.Errorf("%s holds another's", id)
	}
	return err
}

// openAll opens everything with the key file as it is now.
func (v *vaults) openAll(t *testing.T) {
	t.Helper()
	box := v.box(t)
	v.sealed.Range(func(id, sealed any) bool {
		require.NoError(t, v.open(t.Context(), box, id.(ident.User), sealed.([]byte)))
		return true
	})
}

// TestRotation_under_load_with_kills proves S3: two hundred requests a second at
// a server, and a second process that opens and seals, never fail while
// rotations are begun and killed; each goes on; and what the first key sealed
// opens no more. In full: make rotation.
func TestRotation_under_load_with_kills(t *testing.T) {
	t.Parallel()
	v := newVaults(t)
	first, err := sealbox.Load(v.keyFile())
	require.NoError(t, err)
	backup := v.wrapped(t)
	r := serve(t, v.data, "--environment", "sandbox")
	load := startLoad(t, v, r)
	finished := 0
	for i, killed := 0, 0; killed < repeats(6); i++ {
		if rotateAndKill(t, v, i) {
			finished++
		} else {
			killed++
		}
		v.openAll(t)
	}
	result := does[struct {
		Users, Wrapped int
		Finished       bool
	}](t, "keys", "rotate", "--data", v.data, "--settle", "1s")
	require.True(t, result.Finished)
	seconds := load.stop(t)
	t.Logf("%d requests (%.0f a second) and %d openings went well; %d users at the end; %d rotations were killed, %d ended before",
		load.requests.Load(), float64(load.requests.Load())/seconds, load.openings.Load(), result.Users, repeats(6), finished)
	require.GreaterOrEqual(t, result.Users, sealedUsers)

	v.openAll(t)
	requireSingle(t, v.keyFile())
	now := v.wrapped(t)
	require.Len(t, now, int(load.created.Load())+sealedUsers, "nobody was lost")
	for id, key := range now {
		_, changed, err := v.box(t).Rewrap(v.owner.ID, id, key)
		require.NoError(t, err)
		require.False(t, changed, "everything is under the last key")
		_, _, err = sealbox.New(first).Rewrap(v.owner.ID, id, key)
		require.ErrorIs(t, err, sealer.ErrUnreadable, "the first key opens nothing any more")
		if old, ok := backup[id]; ok {
			_, _, err = v.box(t).Rewrap(v.owner.ID, id, old)
			require.ErrorIs(t, err, sealer.ErrUnreadable, "an old backup needs the old key")
			_, _, err = sealbox.New(first).Rewrap(v.owner.ID, id, old)
			require.NoError(t, err, "which still opens it, where it was kept")
		}
	}
	entries, err := filepath.Glob(filepath.Join(v.data, ".master.key.*"))
	require.NoError(t, err)
	for _, draft := range entries { // a kill may leave one: it must be private
		info, err := os.Stat(draft)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode())
	}
}

func (v *vaults) wrapped(t *testing.T) map[ident.User][]byte {
	t.Helper()
	all := map[ident.User][]byte{}
	require.NoError(t, v.store.View(t.Context(), func(tx store.Tx) error {
		users, err := every(func(p store.Page) (store.Slice[*user.User], error) {
			return tx.Users().List(t.Context(), v.owner.ID, store.UserFilter{}, p)
		})
		for _, u := range users {
			all[u.ID] = bytes.Clone(u.SealedKey)
		}
		return err
	}))
	return all
}

func requireSingle(t *testing.T, path string) {
	t.Helper()
	rotation, err := sealbox.Rotate(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, rotation.Close()) }()
	stage, err := rotation.Stage()
	require.NoError(t, err)
	require.Equal(t, sealbox.Single, stage)
}

// rotateAndKill starts a rotation and kills it some time after one of its
// steps; it reports whether it ended before.
func rotateAndKill(t *testing.T, v *vaults, i int) (ended bool) {
	t.Helper()
	command := program(context.Background(), "keys", "rotate", "--data", v.data, "--settle", "300ms")
	progress, err := command.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	lines := bufio.NewScanner(progress)
	for range i % 5 {
		lines.Scan()
	}
	pause, err := rand.Int(rand.Reader, big.NewInt(int64(40*time.Millisecond)))
	require.NoError(t, err)
	timer := time.NewTimer(time.Duration(pause.Int64()))
	<-timer.C
	_ = command.Process.Kill()
	_, _ = io.Copy(io.Discard, progress)
	return command.Wait() == nil
}

func repeats(usual int) int {
	if n, err := strconv.Atoi(os.Getenv("N")); err == nil && n > 0 {
		return n
	}
	return usual
}

// load is work that goes on meanwhile.
type load struct {
	requests, openings, created atomic.Int64
	failures                    chan error
	end                         context.CancelFunc
	group                       sync.WaitGroup
	began                       time.Time
}

// Requests are sent two hundred a second, whether those before were answered or
// not, up to so many at once.
const (
	pace   = 5 * time.Millisecond
	atOnce = 200
)

func startLoad(t *testing.T, v *vaults, r running) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l := &load{failures: make(chan error, 10), end: cancel, began: time.Now()}
	token, box := r.token(t, v.owner), v.box(t)
	l.offer(ctx, func(i int) error {
		if i%4 == 0 {
			return l.post(ctx, r, token, i)
		}
		return l.find(ctx, r, token, i/4*4)
	})
	var ids []ident.User
	v.sealed.Range(func(id, _ any) bool { ids = append(ids, id.(ident.User)); return true })
	l.every(ctx, 5*time.Millisecond, func(i int) error {
		id := ids[i%len(ids)]
		sealed, _ := v.sealed.Load(id)
		l.openings.Add(1)
		return v.open(ctx, box, id, sealed.([]byte))
	})
	return l
}

// every calls work at a pace until the end; a failure counts unless the end
// caused it.
func (l *load) every(ctx context.Context, pace time.Duration, work func(int) error) {
	l.group.Go(func() {
		tick := time.NewTicker(pace)
		defer tick.Stop()
		for i := 0; ; i++ {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			l.note(ctx, work(i))
		}
	})
}

// note keeps a failure, unless the end caused it.
func (l *load) note(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil {
		return
	}
	select {
	case l.failures <- err:
	default: // there are enough of them
	}
}

// offer sends requests as they fall due: who is late catches up.
func (l *load) offer(ctx context.Context, work func(int) error) {
	places := make(chan struct{}, atOnce)
	l.group.Go(func() {
		tick := time.NewTicker(pace)
		defer tick.Stop()
		for sent := 0; ctx.Err() == nil; <-tick.C {
			due := int(time.Since(l.began) / pace)
			for i := sent; i < due; i++ {
				places <- struct{}{}
				l.group.Go(func() {
					defer func() { <-places }()
					l.note(ctx, work(i))
				})
			}
			sent = due
		}
	})
}

// stop ends the load and tells how many seconds it went on.
func (l *load) stop(t *testing.T) float64 {
	t.Helper()
	l.end()
	l.group.Wait()
	seconds := time.Since(l.began).Seconds()
	close(l.failures)
	for err := range l.failures {
		require.NoError(t, err, "a request failed during a rotation")
	}
	require.Positive(t, l.requests.Load())
	require.Positive(t, l.openings.Load())
	return seconds
}

// post makes a user, whose key the server wraps.
func (l *load) post(ctx context.Context, r running, token string, i int) error {
	err := l.call(ctx, http.MethodPost, r.url+"/v1/users", token, fmt.Sprintf(`{"external_id":"load-%d"}`, i), http.StatusCreated)
	if err == nil {
		l.created.Add(1)
	}
	return err
}

// find looks for the user that was made before.
func (l *load) find(ctx context.Context, r running, token string, i int) error {
	return l.call(ctx, http.MethodGet, fmt.Sprintf("%s/v1/users?external_id=load-%d", r.url, i), token, "", http.StatusOK)
}

// call sends one request. The context of the test is not the request's: one
// that was sent is counted.
func (l *load) call(ctx context.Context, method, address, token, body string, want int) error {
	request, err := http.NewRequestWithContext(context.WithoutCancel(ctx), method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, _ := io.ReadAll(answer.Body)
	l.requests.Add(1)
	if answer.StatusCode != want {
		return fmt.Errorf("%s: %s", answer.Status, text)
	}
	return nil
}

// Where several servers have copies of the file, the steps are apart.
func TestRotation_in_steps(t *testing.T) {
	t.Parallel()
	v := newVaults(t)
	rotate := func(step string) said {
		return call(t, nil, "keys", "rotate", "--data", v.data, "--settle", "0s", "--step", step)
	}
	refused := func(step, says string) {
		t.Helper()
		s := rotate(step)
		require.Equal(t, 1, s.status)
		require.Contains(t, s.log, says)
	}
	refused("destroy", "begin with the step prepare")
	require.Contains(t, rotate("prepare").out, "both keys are in")
	refused("prepare", "go on with the step wrap")
	refused("destroy", "the step wrap comes first")
	other, err := os.ReadFile(v.keyFile()) // what another server has
	require.NoError(t, err)
	s := rotate("wrap")
	require.Zero(t, s.status, s.log)
	require.Contains(t, s.log, fmt.Sprintf("%d users' and 0 webhooks' keys looked at, %d wrapped anew", sealedUsers, sealedUsers))
	copied, err := sealbox.Parse(secret.FromBytes(other))
	require.NoError(t, err)
	v.sealed.Range(func(id, sealed any) bool {
		require.NoError(t, v.open(t.Context(), sealbox.New(copied), id.(ident.User), sealed.([]byte)), "the copy opens it already")
		return true
	})
	s = rotate("destroy")
	require.Zero(t, s.status, s.log)
	require.Contains(t, s.out, "holds the new key alone")
	v.openAll(t)
	requireSingle(t, v.keyFile())
}

func TestRotation_is_made_by_one_at_a_time(t *testing.T) {
	t.Parallel()
	v := newVaults(t)
	rotation, err := sealbox.Rotate(v.keyFile())
	require.NoError(t, err)
	s := call(t, nil, "keys", "rotate", "--data", v.data)
	require.Equal(t, 1, s.status)
	require.Contains(t, s.log, "another rotation of this key file is under way")
	require.NoError(t, rotation.Close())
}
