package sealbox

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
)

// ErrFile says why a master key file cannot be used; the cause names the file.
var ErrFile = fault.New(fault.Internal, "unusable_key_file", "The master key file cannot be used.")

// maxFile bounds a key file: hundreds of rotations fit.
const maxFile = 1 << 20

// LoadOrCreate reads the master key of a file, or makes one and writes the file
// first. The file is readable by its owner alone (0600) and refused otherwise;
// its folder must exist. It is complete or absent at any moment, and of several
// processes that start at once all use the key of the first.
func LoadOrCreate(path string) (*Master, error) {
	master, err := Load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return master, err
	}
	master, err = Create(path)
	if errors.Is(err, fs.ErrExist) { // somebody was faster
		return Load(path)
	}
	return master, err
}

// Load reads the master key of a file.
func Load(path string) (*Master, error) {
	text, err := read(path)
	if err != nil {
		return nil, ErrFile.Because(err)
	}
	master, err := Parse(text)
	if err != nil {
		return nil, ErrFile.Because(fmt.Errorf("%s: %w", path, err))
	}
	return master, nil
}

func read(path string) (secret.Bytes, error) {
	// A link is refused before anything is opened; what was opened is then
	// looked at again, so that a swap in between gains nothing.
	if info, err := os.Lstat(path); err != nil {
		return secret.Bytes{}, err
	} else if err := private(path, info); err != nil {
		return secret.Bytes{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return secret.Bytes{}, err
	}
	defer func() { _ = file.Close() }()
	if info, err := file.Stat(); err != nil {
		return secret.Bytes{}, err
	} else if err := private(path, info); err != nil {
		return secret.Bytes{}, err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxFile))
	return secret.FromBytes(text), err
}

func private(path string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a regular file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 {
		return fmt.Errorf("%s may be read or changed by others (mode %04o): only its owner may, run chmod 600", path, mode)
	}
	return nil
}

// Create writes a new master key to a file that is not there yet.
func Create(path string) (*Master, error) {
	master, err := Generate()
	if err != nil {
		return nil, err
	}
	text, err := master.Text()
	if err != nil {
		return nil, err
	}
	if err := create(path, text); err != nil {
		return nil, ErrFile.Because(fmt.Errorf("creating %s: %w", path, err))
	}
	return master, nil
}

// create writes beside the path and links the whole file into place, which
// fails where one exists already; a rename would replace another's key.
func create(path string, text secret.Bytes) error {
	draft, err := draftFor(path, text)
	if draft != "" {
		defer func() { _ = os.Remove(draft) }()
	}
	if err != nil {
		return err
	}
	if err := os.Link(draft, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes the file's name survive a power cut, not only its content:
// data sealed under a key that is lost is lost.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
