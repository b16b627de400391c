package node

import (
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

// Config of a node.
type Config struct {
	// Data is the folder of what the server keeps in files.
	Data string
	// DatabaseURLFile holds the address of a PostgreSQL server; without it the
	// database is a file in Data.
	DatabaseURLFile string
	// BusURLFile holds the address of a NATS server; without it hints stay in
	// this process.
	BusURLFile string
	// MasterKeyFile is the file of the master key; empty is KeyFile's choice.
	MasterKeyFile string
	Listen        string
	// MetricsListen is where metrics are served; nowhere when empty.
	MetricsListen string
	// Environment is setting.Sandbox or setting.Production.
	Environment string
	// PublicURL is where browsers and banks reach the node; empty is Listen.
	PublicURL string
	// BehindProxy are the networks of the proxies that may call, if any.
	BehindProxy []netip.Prefix
	// RateLimit is as in setting.Values.
	RateLimit int
	// DrainLimit is how long the end waits for live sessions.
	DrainLimit time.Duration
	// EventRetention is as in setting.Values.
	EventRetention int
	// OutboundAllow are networks that clients may have fetched from, though
	// they are not public.
	OutboundAllow []netip.Prefix
	TLSCertFile   string
	TLSKeyFile    string
	// Plugins is the folder of plugins, Settings what each is told, Together those
	// that may serve a bank together.
	Plugins   string
	Settings  map[string]map[string]string
	Together  []string
	Log       io.Writer
	LogLevel  string
	LogFormat string
	Version   string
	Seams     Seams
}

// FromValues takes over what the settings say.
func FromValues(v setting.Values) Config {
	return Config{
		Data: v.Data, DatabaseURLFile: v.DatabaseURLFile, BusURLFile: v.BusURLFile, MasterKeyFile: v.MasterKeyFile, Listen: v.Listen, MetricsListen: v.MetricsListen, Environment: v.Environment, PublicURL: v.PublicURL,
		BehindProxy: v.BehindProxy, OutboundAllow: v.OutboundAllow, RateLimit: v.RateLimit, DrainLimit: v.DrainLimit, EventRetention: v.EventRetention, TLSCertFile: v.TLSCertFile, TLSKeyFile: v.TLSKeyFile, Plugins: v.Plugins,
		Settings: v.PluginSettings, Together: v.PluginsTogether, LogLevel: v.LogLevel, LogFormat: v.LogFormat,
	}.withDefaults()
}

func (c Config) withDefaults() Config {
	if c.MasterKeyFile == "" {
		c.MasterKeyFile = KeyFile(c.Data)
	}
	if c.Log == nil {
		c.Log = io.Discard
	}
	return c
}

// credential is the name under which systemd hands over the master key
// (LoadCredential=tributary-master-key:PATH).
const credential = "tributary-master-key"

// KeyFile is where the master key is looked for when no setting says: systemd's
// credential, where there is one, or else the data folder.
func KeyFile(data string) string {
	if folder := os.Getenv("CREDENTIALS_DIRECTORY"); folder != "" {
		path := filepath.Join(folder, credential)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return filepath.Join(data, "master.key")
}
