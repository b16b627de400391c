package sealbox

import (
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
)

// Stage is how far the rotation of a key file has come. The file itself tells:
// nothing else is kept, so a killed rotation goes on where it was.
type Stage int

// Stages.
const (
	// Single: one key, no rotation under way.
	Single Stage = iota
	// Prepared: a new key is known and seals nothing yet.
	Prepared
	// Promoted: the new key seals, the old ones still open.
	Promoted
)

// ErrRotating says that another process rotates the same file.
var ErrRotating = errors.New("sealbox: another rotation of this key file is under way")

// Rotation changes a key file, step by step. Each step replaces the file as a
// whole and is on the disk when it returns.
type Rotation struct {
	path   string
	unlock func() error
}

// Rotate begins or continues the rotation of a file, alone.
func Rotate(path string) (*Rotation, error) {
	if _, err := Load(path); err != nil {
		return nil, err
	}
	unlock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, err
	}
	return &Rotation{path, unlock}, nil
}

// Close lets others rotate.
func (r *Rotation) Close() error { return r.unlock() }

// Stage reads how far the file has come.
func (r *Rotation) Stage() (Stage, error) { return StageOf(r.path) }

// StageOf looks at a file, also while somebody rotates it.
func StageOf(path string) (Stage, error) {
	master, err := Load(path)
	if err != nil {
		return Single, err
	}
	return master.stage()
}

// stage: new keys stand last, so a primary that is not last is still to be
// replaced.
func (m *Master) stage() (Stage, error) {
	last, err := m.handle.Entry(m.handle.Len() - 1)
	switch {
	case err != nil:
		return Single, ErrMaster.Because(err)
	case m.handle.Len() == 1:
		return Single, nil
	case last.IsPrimary():
		return Promoted, nil
	}
	return Prepared, nil
}

// Prepare adds a key that opens and does not seal: where several servers have
// copies of the file, all must have it before the first one seals with it.
func (r *Rotation) Prepare() error {
	return r.change(Single, func(keys *keyset.Manager, _ *keyset.Handle) error {
		_, err := keys.Add(aead.AES256GCMKeyTemplate())
		return err
	})
}

// Promote makes the new key the one that seals.
func (r *Rotation) Promote() error {
	return r.change(Prepared, func(keys *keyset.Manager, handle *keyset.Handle) error {
		last, err := handle.Entry(handle.Len() - 1)
		if err != nil {
			return err
		}
		return keys.SetPrimary(last.KeyID())
	})
}

// Destroy removes all keys but the one that seals. What is still wrapped under
// them is lost: the caller has looked before.
func (r *Rotation) Destroy() error {
	return r.change(Promoted, func(keys *keyset.Manager, handle *keyset.Handle) error {
		for i := range handle.Len() {
			entry, err := handle.Entry(i)
			if err != nil {
				return err
			}
			if entry.IsPrimary() {
				continue
			}
			if err := keys.Delete(entry.KeyID()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *Rotation) change(from Stage, fn func(*keyset.Manager, *keyset.Handle) error) error {
	master, err := Load(r.path)
	if err != nil {
		return err
	}
	if at, err := master.stage(); err != nil || at != from {
		return errors.Join(err, fmt.Errorf("sealbox: the key file is not at the stage for this step (%d, not %d)", at, from))
	}
	keys := keyset.NewManagerFromHandle(master.handle)
	if err := fn(keys, master.handle); err != nil {
		return errSeal.Because(err)
	}
	handle, err := keys.Handle()
	if err != nil {
		return errSeal.Because(err)
	}
	changed, err := wrap(handle)
	if err != nil {
		return err
	}
	text, err := changed.Text()
	if err != nil {
		return err
	}
	if err := replace(r.path, text); err != nil {
		return ErrFile.Because(fmt.Errorf("replacing %s: %w", r.path, err))
	}
	return nil
}
