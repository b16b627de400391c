package catalogue

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

// maxFile bounds one file, in bytes.
const maxFile = 64 << 10

// Load reads every *.yaml of a folder, in the order of their names. The error tells all mistakes of all files.
func Load(folder fs.FS, quirks map[string]Quirks) ([]Bank, error) {
	names, err := fs.Glob(folder, "*.yaml")
	if err != nil || len(names) == 0 {
		return nil, errors.New("the folder of the catalogue holds no *.yaml")
	}
	slices.Sort(names)
	var banks []Bank
	var wrong []error
	seen := map[string]string{}
	for _, name := range names {
		bank, err := loadOne(folder, name, quirks)
		if other, twice := seen[bank.ID]; twice && err == nil {
			err = fmt.Errorf("%s: the id %q is already that of %s", name, bank.ID, other)
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		seen[bank.ID] = name
		banks = append(banks, bank)
	}
	return banks, errors.Join(wrong...)
}

func loadOne(folder fs.FS, name string, quirks map[string]Quirks) (Bank, error) {
	info, err := fs.Stat(folder, name)
	switch {
	case err != nil:
		return Bank{}, fmt.Errorf("%s: cannot be read", name)
	case info.Size() > maxFile:
		return Bank{}, fmt.Errorf("%s: is larger than %d bytes", name, maxFile)
	}
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return Bank{}, fmt.Errorf("%s: cannot be read", name)
	}
	return Parse(path.Base(name), text, quirks)
}
