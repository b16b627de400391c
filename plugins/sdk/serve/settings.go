package serve

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tributary-dev/tributary/plugins/sdk/internal/launch"
)

// Settings are the operator's configuration of this plugin, by lower-case
// name. They are not for secrets: who may look at the process can read them.
type Settings struct{ values map[string]string }

// SettingsOf makes settings for a test.
func SettingsOf(values map[string]string) Settings {
	out := Settings{values: map[string]string{}}
	for name, value := range values {
		out.values[strings.ToLower(name)] = value
	}
	return out
}

// Get gives a setting; empty when it was not given.
func (s Settings) Get(name string) string { return s.values[strings.ToLower(name)] }

// Required gives a setting, and an error that names it when it was not given.
func (s Settings) Required(name string) (string, error) {
	if value := s.Get(name); value != "" {
		return value, nil
	}
	return "", fmt.Errorf("the setting %q is missing", strings.ToLower(name))
}

// Path gives a setting that names a file or a folder, "" when it was not given. It must be whole: a plugin works in /, so
// that what is meant from where the server was started would be looked for elsewhere.
func (s Settings) Path(name string) (string, error) {
	value := s.Get(name)
	if value != "" && !filepath.IsAbs(value) {
		return "", fmt.Errorf("the setting %q must be a whole path, beginning with /", strings.ToLower(name))
	}
	return value, nil
}

// settingsFrom reads the settings among the variables of a process.
func settingsFrom(environ []string) Settings {
	values := map[string]string{}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		if setting, ok := strings.CutPrefix(name, launch.SettingPrefix); ok {
			values[setting] = value
		}
	}
	return SettingsOf(values)
}
