package sealbox

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/core/secret"
)

// replace puts a text in the place of a file, as a whole: whoever opens the
// path finds the old one or the new one. The new one belongs to the owner of
// the old one: root may rotate what a server reads under its own name. What the
// old file held is overwritten, as far as the disk under it really does that.
func replace(path string, text secret.Bytes) error {
	old, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer func() { _ = old.Close() }()
	info, err := old.Stat()
	if err != nil {
		return err
	}
	draft, err := draftFor(path, text)
	if draft != "" {
		defer func() { _ = os.Remove(draft) }()
	}
	if err != nil {
		return err
	}
	if err := keepOwner(draft, info); err != nil {
		return err
	}
	if err := os.Rename(draft, path); err != nil {
		return err
	}
	if err := syncFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return blank(old, info)
}

// draftFor writes a text beside the path, safe on the disk, mode 0600.
func draftFor(path string, text secret.Bytes) (string, error) {
	draft, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return "", err
	}
	if _, err := draft.Write(text.Reveal()); err != nil {
		return draft.Name(), errors.Join(err, draft.Close())
	}
	return draft.Name(), errors.Join(draft.Sync(), draft.Close())
}

func blank(old *os.File, info fs.FileInfo) error {
	if _, err := old.WriteAt(make([]byte, info.Size()), 0); err != nil {
		return err
	}
	return old.Sync()
}
