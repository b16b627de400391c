package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/alecthomas/kong"

	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

// The flags are texts: setting checks them together with what stands in the
// environment and in the file. Their help comes from there too.

// placeFlags say where the state is.
type placeFlags struct {
	Config string `help:"YAML file of settings ($$TRIBUTARY_CONFIG)." placeholder:"FILE"`
	Data   string `help:"${data}" placeholder:"FOLDER"`

	DatabaseURLFile string `name:"database-url-file" help:"${database_url_file}" placeholder:"FILE"`
}

// busFlags say how servers tell each other of events.
type busFlags struct {
	BusURLFile string `name:"bus-url-file" help:"${bus_url_file}" placeholder:"FILE"`
}

// keyFlags say where the master key is.
type keyFlags struct {
	MasterKeyFile string `help:"${master_key_file}" placeholder:"FILE"`
}

// pluginFlags say where the plugins are.
type pluginFlags struct {
	Plugins         string `help:"${plugins}" placeholder:"FOLDER"`
	PluginsTogether string `name:"plugins-together" help:"${plugins_together}" placeholder:"NAMES"`
}

// listenFlags say how the server is reached.
type listenFlags struct {
	Listen      string `help:"${listen}" placeholder:"HOST:PORT"`
	PublicURL   string `name:"public-url" help:"${public_url}" placeholder:"URL"`
	BehindProxy string `help:"${behind_proxy}" placeholder:"NETWORKS"`
	TLSCertFile string `name:"tls-cert-file" help:"${tls_cert_file}" placeholder:"FILE"`
	TLSKeyFile  string `name:"tls-key-file" help:"${tls_key_file}" placeholder:"FILE"`

	MetricsListen string `help:"${metrics_listen}" placeholder:"HOST:PORT"`
}

// rateFlags say how much one client may ask.
type rateFlags struct {
	RateLimit string `help:"${rate_limit}" placeholder:"CALLS"`
}

// drainFlags say how the server ends.
type drainFlags struct {
	DrainLimit string `help:"${drain_limit}" placeholder:"TIME"`
}

// retentionFlags say how long things are kept.
type retentionFlags struct {
	EventRetention string `help:"${event_retention}" placeholder:"DAYS"`
}

// outboundFlags say whom the server may ask.
type outboundFlags struct {
	OutboundAllow string `help:"${outbound_allow}" placeholder:"NETWORKS"`
}

// logFlags say what is told.
type logFlags struct {
	LogLevel  string `help:"${log_level}" placeholder:"LEVEL"`
	LogFormat string `help:"${log_format}" placeholder:"FORMAT"`
}

func helpOfSettings() kong.Option {
	vars := kong.Vars{}
	for _, key := range setting.Keys() {
		text := key.Help
		if key.Default != "" {
			text += fmt.Sprintf(" Default: %s", key.Default)
		}
		vars[key.Name] = fmt.Sprintf("%s ($%s)", text, key.Variable())
	}
	return vars
}

// pluginsOf is the folder of plugins: the one that a setting names, or the one
// beside this program.
func pluginsOf(v setting.Values) (string, error) {
	if v.Plugins != "" {
		return v.Plugins, nil
	}
	beside, err := ownFolder()
	return filepath.Join(beside, "plugins"), err
}

func ownFolder() (string, error) {
	self, err := os.Executable()
	return filepath.Dir(self), err
}
