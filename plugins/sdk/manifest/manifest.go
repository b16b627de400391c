// Package manifest owns the small file that lies beside a plugin's program and
// says which program it is: <name>.json beside <name>. It knows nothing of
// processes.
//
// Invariant: a manifest that was read names a plain file in its own folder, and
// a checksum of the right length.
package manifest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// maxSize bounds the file, in bytes.
const maxSize = 64 << 10

// Manifest says which program a plugin is.
type Manifest struct {
	// Name is that of the plugin, of its program and of this file.
	Name string `json:"name"`
	// Version is the plugin's own.
	Version string `json:"version"`
	// Protocol is the version of the protocol it speaks.
	Protocol int `json:"protocol"`
	// SHA256 of the program, in lower-case hexadecimal.
	SHA256 string `json:"sha256"`
	// Settings are the operator's, by lower-case name.
	Settings map[string]string `json:"settings,omitempty"`
}

var (
	name    = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$`)
	setting = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)
)

// Read reads and checks the manifest in the file path. The error says what is
// wrong, for an operator.
func Read(path string) (Manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return Manifest{}, errors.New("cannot be read")
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return Manifest{}, errors.New("cannot be read")
	}
	if len(data) > maxSize {
		return Manifest{}, fmt.Errorf("is larger than %d bytes", maxSize)
	}
	var m Manifest
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&m); err != nil {
		return Manifest{}, fmt.Errorf("is not a manifest: %w", err)
	}
	if decoder.More() {
		return Manifest{}, errors.New("holds more than one value")
	}
	return m, m.check(path)
}

func (m Manifest) check(path string) error {
	var wrong []error
	if !name.MatchString(m.Name) {
		wrong = append(wrong, errors.New("name wants lower-case letters, digits and dashes"))
	} else if filepath.Base(path) != m.Name+".json" {
		wrong = append(wrong, errors.New("name is not that of the file"))
	}
	if m.Version == "" {
		wrong = append(wrong, errors.New("version is missing"))
	}
	if m.Protocol < 1 {
		wrong = append(wrong, errors.New("protocol is missing"))
	}
	if sum, err := hex.DecodeString(m.SHA256); err != nil || len(sum) != sha256.Size {
		wrong = append(wrong, errors.New("sha256 wants 64 hexadecimal digits"))
	}
	for key := range m.Settings {
		if !setting.MatchString(key) {
			wrong = append(wrong, errors.New("the names of settings want lower-case letters, digits and underscores"))
			break
		}
	}
	return errors.Join(wrong...)
}

// Program is the path of the program, in the folder of the manifest.
func (m Manifest) Program(dir string) string { return filepath.Join(dir, m.Name) }

// Checksum is the pinned sum as bytes; nil when it is malformed.
func (m Manifest) Checksum() []byte {
	sum, err := hex.DecodeString(m.SHA256)
	if err != nil {
		return nil
	}
	return sum
}

// Write describes the program at path in <path>.json, and gives what it wrote.
// described is what the program itself says, for its name and version.
func Write(path string, described sdk.Description, protocol int, settings map[string]string) (Manifest, error) {
	program, err := os.Open(path)
	if err != nil {
		return Manifest{}, err
	}
	defer func() { _ = program.Close() }()
	hash := sha256.New()
	if _, err := io.Copy(hash, program); err != nil {
		return Manifest{}, err
	}
	m := Manifest{
		Name: filepath.Base(path), Version: described.Version, Protocol: protocol,
		SHA256: hex.EncodeToString(hash.Sum(nil)), Settings: settings,
	}
	if described.Plugin != m.Name {
		return Manifest{}, fmt.Errorf("the program %q calls itself %q", m.Name, described.Plugin)
	}
	if err := m.check(path + ".json"); err != nil {
		return Manifest{}, err
	}
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return Manifest{}, err
	}
	return m, os.WriteFile(path+".json", append(data, '\n'), 0o644)
}
