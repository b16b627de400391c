package sealbox_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
)

// keyFile is a key file and a server that watches it, at a time of its own.
type keyFile struct {
	path  string
	clock time.Time
	box   *sealbox.Box
}

func newKeyFile(t *testing.T) *keyFile {
	t.Helper()
	k := &keyFile{path: filepath.Join(t.TempDir(), "master.key"), clock: time.Unix(1_800_000_000, 0)}
	_, err := sealbox.Create(k.path)
	require.NoError(t, err)
	k.box, err = sealbox.Watch(k.path, func() time.Time { return k.clock })
	require.NoError(t, err)
	return k
}

func (k *keyFile) rotation(t *testing.T) *sealbox.Rotation {
	t.Helper()
	rotation, err := sealbox.Rotate(k.path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = rotation.Close() })
	return rotation
}

func (k *keyFile) anew(t *testing.T) *sealbox.Box {
	t.Helper()
	master, err := sealbox.Load(k.path)
	require.NoError(t, err)
	return sealbox.New(master)
}

func newUserKey(t *testing.T, box sealer.Box) []byte {
	t.Helper()
	key, err := box.NewKey(binding.Client, binding.User)
	require.NoError(t, err)
	return key
}

// S3: a server that runs through a rotation never fails, and afterwards the old
// key opens nothing.
func TestRotation_of_a_file_under_a_server(t *testing.T) {
	t.Parallel()
	k := newKeyFile(t)
	before := k.anew(t)
	key := newUserKey(t, k.box)
	sealed, err := k.box.Seal(key, binding, secret.FromBytes([]byte("text")))
	require.NoError(t, err)
	opens := func(box *sealbox.Box, key []byte) {
		t.Helper()
		plain, err := box.Open(key, binding, sealed)
		require.NoError(t, err)
		require.Equal(t, "text", string(plain.Reveal()))
	}

	rotation := k.rotation(t)
	for _, step := range []struct {
		at   sealbox.Stage
		next func() error
	}{{sealbox.Single, rotation.Prepare}, {sealbox.Prepared, rotation.Promote}} {
		stage, err := rotation.Stage()
		require.NoError(t, err)
		require.Equal(t, step.at, stage)
		require.NoError(t, step.next())
		opens(k.box, key)
	}
	again, changed, err := k.anew(t).Rewrap(binding.Client, binding.User, key)
	require.NoError(t, err)
	require.True(t, changed)
	opens(k.box, again)
	_, err = before.Open(again, binding, sealed)
	require.ErrorIs(t, err, sealer.ErrUnreadable)
	same, changed, err := k.anew(t).Rewrap(binding.Client, binding.User, again)
	require.NoError(t, err)
	require.False(t, changed)
	require.Equal(t, again, same)

	require.NoError(t, rotation.Destroy())
	opens(k.anew(t), again)
	_, err = k.anew(t).Open(key, binding, sealed)
	require.ErrorIs(t, err, sealer.ErrUnreadable, "what an old backup holds")
	opens(k.box, again)
	opens(k.box, key) // read before, used now
	k.clock = k.clock.Add(16 * time.Minute)
	opens(k.box, again)
	_, err = k.box.Open(key, binding, sealed)
	require.ErrorIs(t, err, sealer.ErrUnreadable, "forgotten in memory too")
}

func TestRotation_is_taken_up_before_wrapping(t *testing.T) {
	t.Parallel()
	k := newKeyFile(t)
	rotation := k.rotation(t)
	require.NoError(t, rotation.Prepare())
	require.NoError(t, rotation.Promote())
	require.NoError(t, rotation.Destroy())
	key := newUserKey(t, k.box)
	_, changed, err := k.anew(t).Rewrap(binding.Client, binding.User, key)
	require.NoError(t, err)
	require.False(t, changed, "the server had not opened anything since")
}

func TestRotation_refuses_a_step_out_of_turn(t *testing.T) {
	t.Parallel()
	k := newKeyFile(t)
	rotation := k.rotation(t)
	for _, step := range []func() error{rotation.Promote, rotation.Destroy} {
		content, err := os.ReadFile(k.path)
		require.NoError(t, err)
		require.ErrorContains(t, step(), "not at the stage")
		left, err := os.ReadFile(k.path)
		require.NoError(t, err)
		require.Equal(t, content, left)
	}
	_, err := sealbox.Rotate(k.path)
	require.ErrorIs(t, err, sealbox.ErrRotating)
}

func TestRotation_leaves_a_private_file_and_blanks_the_old_one(t *testing.T) {
	t.Parallel()
	k := newKeyFile(t)
	other := filepath.Join(t.TempDir(), "other.link")
	require.NoError(t, os.Link(k.path, other))
	require.NoError(t, k.rotation(t).Prepare())
	info, err := os.Stat(k.path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode())
	old, err := os.ReadFile(other)
	require.NoError(t, err)
	require.Equal(t, make([]byte, len(old)), old)
}

func TestWatch_keeps_its_key_when_the_file_breaks(t *testing.T) {
	t.Parallel()
	k := newKeyFile(t)
	key := newUserKey(t, k.box)
	for _, breaking := range []func() error{
		func() error { return os.WriteFile(k.path, []byte("nothing"), 0o600) },
		func() error { return os.Remove(k.path) },
	} {
		require.NoError(t, breaking())
		_, err := k.box.Seal(key, binding, secret.FromBytes([]byte("text")))
		require.NoError(t, err)
		newUserKey(t, k.box)
	}
	_, err := sealbox.Watch(k.path, nil)
	require.ErrorIs(t, err, sealbox.ErrFile)
}
