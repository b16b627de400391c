package pgcluster

import (
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// ErrMissing says what to do where there is no PostgreSQL.
var ErrMissing = errors.New("pgcluster: these tests need the PostgreSQL server, version 15 or newer: run `make deps`")

// debian keeps the server's programs out of the PATH, one folder a version.
const debian = "/usr/lib/postgresql/*/bin/initdb"

// programs finds the folder of the server's programs.
func programs(pattern string) (string, error) {
	found, err := filepath.Glob(pattern)
	if err == nil && len(found) > 0 {
		return filepath.Dir(slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })), nil
	}
	path, err := exec.LookPath("initdb")
	if err != nil {
		return "", ErrMissing
	}
	return filepath.Dir(path), nil
}

// version reads the number in /usr/lib/postgresql/15/bin/initdb.
func version(path string) int {
	number, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
	if err != nil {
		return 0
	}
	return number
}
