package node

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// mark is the file that says which environment a data folder belongs to.
func (c Config) mark() string { return filepath.Join(c.Data, "environment") }

// refuseEnvironment keeps a sandbox away from production's data and the other
// way round. A folder without a mark gets one when it is opened.
func (c Config) refuseEnvironment() Refusals {
	text, err := os.ReadFile(c.mark())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return Refusals{"the data folder: " + err.Error()}
	}
	if found := strings.TrimSpace(string(text)); found != c.Environment {
		return Refusals{fmt.Sprintf("the data folder %s belongs to a %s; this is to be a %s: they share nothing", c.Data, found, c.Environment)}
	}
	return nil
}

func (c Config) keepMark() error {
	if _, err := os.Stat(c.mark()); err == nil {
		return nil
	}
	return os.WriteFile(c.mark(), []byte(c.Environment+"\n"), 0o600)
}
