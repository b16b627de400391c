package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// installed copies a folder of testdata to one of this run, with what npm has of
// the packages that it names.
func installed(name string) (string, error) {
	folder, err := os.MkdirTemp(programs, name+"-")
	if err != nil {
		return "", err
	}
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", name))); err != nil {
		return "", err
	}
	install := exec.Command("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts")
	install.Dir = folder
	if out, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci of %s: %w\n%s", name, err, out)
	}
	return folder, nil
}
