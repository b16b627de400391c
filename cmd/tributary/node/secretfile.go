package node

import (
	"fmt"
	"os"
	"strings"

	"github.com/tributary-dev/tributary/core/secret"
)

// longestSecret bounds a file with an address, in bytes.
const longestSecret = 4096

// secretIn reads a file that a setting names and only its owner may read.
func secretIn(setting, path string) (secret.String, error) {
	info, err := os.Stat(path)
	if err != nil {
		return secret.String{}, fmt.Errorf("%s: %w", setting, err)
	}
	if mode := info.Mode().Perm(); !info.Mode().IsRegular() || mode&0o077 != 0 || info.Size() > longestSecret {
		return secret.String{}, fmt.Errorf("%s: %s (mode %04o) is to be a short file that only its owner may read: chmod 600", setting, path, mode)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return secret.String{}, fmt.Errorf("%s: %w", setting, err)
	}
	return secret.New(strings.TrimSpace(string(text))), nil
}
