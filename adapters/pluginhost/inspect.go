package pluginhost

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"os"
)

// Inspected is a plugin as it lies in the folder, seen without starting it.
type Inspected struct {
	Name string
	// Version, Protocol and SHA256 are those of the manifest.
	Version  string
	Protocol int
	SHA256   string
	// Problem tells why it would not be served; nil when nothing is known.
	Problem error
}

// Inspect looks at a folder of plugins: manifests, programs and checksums.
func Inspect(dir string) ([]Inspected, error) {
	found, problems, err := discover(dir)
	if err != nil {
		return nil, err
	}
	var all []Inspected
	for _, m := range found {
		all = append(all, Inspected{m.Name, m.Version, m.Protocol, m.SHA256, verify(m)})
	}
	for _, p := range problems {
		all = append(all, Inspected{Name: p.Name, Problem: p.Reason})
	}
	return all, nil
}

func verify(m installed) error {
	program, err := os.Open(m.program)
	if err != nil {
		return errors.New("the program cannot be read")
	}
	defer func() { _ = program.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, program); err != nil {
		return errors.New("the program cannot be read")
	}
	if !bytes.Equal(hash.Sum(nil), m.Checksum()) {
		return errors.New("the program is not the one of its manifest: the checksums differ")
	}
	return nil
}
