package host

import (
	"fmt"
	"log/slog"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk/internal/contract"
	"github.com/tributary-dev/tributary/plugins/sdk/internal/launch"
)

// Protocol is the version of the protocol that this side speaks.
const Protocol = launch.Version

// Config says what to start and how far to trust it.
type Config struct {
	// Name is used in logs and errors; the file's name when empty.
	Name string
	// Path of the executable.
	Path string
	// SHA256 of the executable, 32 bytes. A file with another is not started.
	SHA256 []byte
	// Args after the name of the program. They are visible to other users of
	// the machine.
	Args []string
	// Env are the variables of the process, beside PATH and LANG. Nothing of
	// the server's own environment is passed on.
	Env map[string]string
	// Settings are the operator's, by lower-case name.
	Settings map[string]string
	// Dir is the working directory; "/" when empty.
	Dir string
	// Logger receives what the plugin prints; nothing is logged when nil.
	Logger *slog.Logger
	// StartTimeout bounds start, handshake and the first Describe; 10 seconds
	// when zero.
	StartTimeout time.Duration
	// MaxMessage bounds one message, in bytes; 8 MiB when zero.
	MaxMessage int
	// MaxItems bounds the items of one fetch; 100,000 when zero.
	MaxItems int
	// InFlight bounds the calls that run at once; 64 when zero. Others wait
	// for their turn until their deadline.
	InFlight int
}

func (c Config) withDefaults() Config {
	if c.Name == "" {
		c.Name = filepath.Base(c.Path)
	}
	if c.Dir == "" {
		c.Dir = "/"
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.StartTimeout == 0 {
		c.StartTimeout = 10 * time.Second
	}
	if c.MaxMessage == 0 {
		c.MaxMessage = contract.MaxMessage
	}
	if c.MaxItems == 0 {
		c.MaxItems = 100_000
	}
	if c.InFlight == 0 {
		c.InFlight = 64
	}
	return c
}

var settingName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// environment lists the variables of the process.
func (c Config) environment() ([]string, error) {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8"}
	for _, key := range slices.Sorted(maps.Keys(c.Env)) {
		env = append(env, key+"="+c.Env[key])
	}
	for _, key := range slices.Sorted(maps.Keys(c.Settings)) {
		if !settingName.MatchString(key) {
			return nil, fmt.Errorf("the name of a setting wants lower-case letters, digits and underscores")
		}
		env = append(env, launch.SettingPrefix+strings.ToUpper(key)+"="+c.Settings[key])
	}
	for _, variable := range env {
		if strings.ContainsRune(variable, 0) {
			return nil, fmt.Errorf("a setting or variable holds a zero byte")
		}
	}
	return env, nil
}
