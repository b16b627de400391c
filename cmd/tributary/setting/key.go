// Package setting reads the configuration: flags, then TRIBUTARY_* variables,
// then one YAML file, in that order of precedence. It owns the list of keys,
// which the help, the reference and the checks are made from, and knows nothing
// of what the values do.
//
// Invariant: whoever gets Values got all of them checked; whatever is wrong,
// in any place, is named at once and with its place, and no value is quoted.
package setting

import (
	"net/netip"
	"strings"
	"time"
)

// Values are the checked settings.
type Values struct {
	Data string
	// DatabaseURLFile is where the address of a PostgreSQL server stands.
	DatabaseURLFile string
	// BusURLFile is where the address of a NATS server stands.
	BusURLFile    string
	MasterKeyFile string
	Environment   string
	Listen        string
	MetricsListen string
	PublicURL     string
	// BehindProxy are the networks of the proxies that are believed.
	BehindProxy []netip.Prefix
	// RateLimit is how many calls a second a client may make; Unlimited, or 0 for
	// what suits the environment.
	RateLimit int
	// DrainLimit is how long the end of the server waits for live sessions.
	DrainLimit time.Duration
	// EventRetention is how many days events are kept; Unlimited, or 0 for what
	// suits the environment.
	EventRetention int
	// OutboundAllow are networks that are asked though they are not public.
	OutboundAllow  []netip.Prefix
	TLSCertFile    string
	TLSKeyFile     string
	Plugins        string
	PluginSettings map[string]map[string]string
	// PluginsTogether are plugins that may serve a bank together, in the order in
	// which they speak for it.
	PluginsTogether []string
	Testbank        string
	TestbankConfig  string
	TestbankURL     string
	LogLevel        string
	LogFormat       string
}

// Environments.
const (
	Sandbox    = "sandbox"
	Production = "production"
)

// Unlimited is the RateLimit that does not restrict.
const Unlimited = -1

// Key is one setting. Its name is that in the file; flag and variable are made
// from it.
type Key struct {
	Name string
	// Wants says what a value looks like, in a few words.
	Wants   string
	Default string
	Help    string
	// FileOnly keys hold more than one value.
	FileOnly bool
	// set checks a value and keeps it; false refuses it.
	set func(*Values, string) bool
}

// Flag is the key's name on the command line.
func (k Key) Flag() string { return strings.ReplaceAll(k.Name, "_", "-") }

// Variable is the key's name in the environment.
func (k Key) Variable() string { return prefix + strings.ToUpper(k.Name) }

const prefix = "TRIBUTARY_"

// configVariable names the file when the flag does not.
const configVariable = prefix + "CONFIG"

// Keys lists every setting, in the order of the reference.
func Keys() []Key {
	return []Key{
		{Name: "data", Wants: "a path", Default: "data", set: path(func(v *Values) *string { return &v.Data }),
			Help: "Folder for database and keys."},
		{Name: "database_url_file", Wants: "a path", set: path(func(v *Values) *string { return &v.DatabaseURLFile }),
			Help: "File with the address of a PostgreSQL server, postgres://user:password@host/name, that only its owner may read. Without it the database is a SQLite file in the data folder."},
		{Name: "bus_url_file", Wants: "a path", set: path(func(v *Values) *string { return &v.BusURLFile }),
			Help: "File with the address of a NATS server with JetStream, nats://user:password@host:4222 or tls://…, several separated by commas, that only its owner may read. Servers on one PostgreSQL tell each other of new events through it; without it they look every two seconds."},
		{Name: "master_key_file", Wants: "a path", set: path(func(v *Values) *string { return &v.MasterKeyFile }),
			Help: "File of the master key. By default the systemd credential tributary-master-key where there is one, else master.key in the data folder."},
		{Name: "environment", Wants: "sandbox or production", Default: Production, set: oneOf(func(v *Values) *string { return &v.Environment }, Sandbox, Production),
			Help: "sandbox or production. They share nothing: a data folder belongs to one of them for ever."},
		{Name: "listen", Wants: "host:port", Default: "127.0.0.1:8080", set: address(func(v *Values) *string { return &v.Listen }),
			Help: "Address to listen on; port 0 picks a free one."},
		{Name: "metrics_listen", Wants: "host:port", set: address(func(v *Values) *string { return &v.MetricsListen }),
			Help: "Address to serve Prometheus metrics on, at /metrics. Without it there are none. Never the public's."},
		{Name: "public_url", Wants: "a URL such as https://bank-data.example.com", set: baseURL(func(v *Values) *string { return &v.PublicURL }),
			Help: "Where browsers and banks reach this server; needed in production, with https."},
		{Name: "behind_proxy", Wants: "networks such as 10.0.0.0/8, separated by commas", set: networks(func(v *Values) *[]netip.Prefix { return &v.BehindProxy }),
			Help: "Networks of the proxies that end TLS before this server. Only they may call it, and their X-Forwarded-For is believed."},
		{Name: "rate_limit", Wants: "off, or a number of calls a second such as 200", set: rateLimit,
			Help: "Calls a second that one client may make in the long run, its users' counted in, and twice as many at once; more are answered 429. Each server counts for itself. By default 200, and off in a sandbox."},
		{Name: "drain_limit", Wants: "a time of at most an hour, such as 20s", Default: "20s", set: duration(func(v *Values) *time.Duration { return &v.DrainLimit }, time.Hour),
			Help: "How long a server that is told to end waits for users in the middle of a session that no other server can go on with, such as a bank's page. It answers them meanwhile, and /readyz answers 503. Then they are offered to begin again."},
		{Name: "event_retention", Wants: "off, or a number of days from 7 to 3650 such as 400", set: eventRetention,
			Help: "How many days the log keeps an event; off keeps it for ever. What readers have not read by then is told as gone, never passed over. By default 400, and off in a sandbox."},
		{Name: "outbound_allow", Wants: "networks such as 10.0.0.0/8, separated by commas", set: networks(func(v *Values) *[]netip.Prefix { return &v.OutboundAllow }),
			Help: "Networks that addresses of clients may lead to although they are not public; plain HTTP is taken then too. Without it only public https addresses are asked."},
		{Name: "tls_cert_file", Wants: "a path", set: path(func(v *Values) *string { return &v.TLSCertFile }),
			Help: "Certificate chain in PEM. A renewed file is taken up by itself."},
		{Name: "tls_key_file", Wants: "a path", set: path(func(v *Values) *string { return &v.TLSKeyFile }),
			Help: "Private key of the certificate, in PEM."},
		{Name: "plugins", Wants: "a path", set: path(func(v *Values) *string { return &v.Plugins }),
			Help: "Folder of plugins; by default the folder plugins beside this program."},
		{Name: "plugin_settings", Wants: "settings by plugin and name, all of them texts", FileOnly: true,
			Help: "What plugins are told, by plugin and name, over what their manifests say."},
		{Name: "plugins_together", Wants: "names of plugins such as psd2,scraper, separated by commas", set: plugins(func(v *Values) *[]string { return &v.PluginsTogether }),
			Help: "Plugins that may serve a bank together, each by channels of its own. The first of them that has the bank says its name, logo, zone and maintenance. Without it a bank is one plugin's; in the command sandbox it is psd2,scraper."},
		{Name: "testbank", Wants: "a path", set: path(func(v *Values) *string { return &v.Testbank }),
			Help: "The test bank's program; by default testbank beside this program. Sandbox only."},
		{Name: "testbank_config", Wants: "a path", set: path(func(v *Values) *string { return &v.TestbankConfig }),
			Help: "The test bank's configuration file; by default its own. Sandbox only."},
		{Name: "testbank_url", Wants: "a URL such as http://127.0.0.1:8091", set: baseURL(func(v *Values) *string { return &v.TestbankURL }),
			Help: "A test bank that is running already. Sandbox only."},
		{Name: "log_level", Wants: "debug, info, warn or error", set: oneOf(func(v *Values) *string { return &v.LogLevel }, "debug", "info", "warn", "error"),
			Help: "debug, info, warn or error; by default info, and warn for the command sandbox."},
		{Name: "log_format", Wants: "json or text", set: oneOf(func(v *Values) *string { return &v.LogFormat }, "json", "text"),
			Default: "text", Help: "json or text."},
	}
}

// Find gives the key of a name.
func Find(name string) (Key, bool) {
	for _, key := range Keys() {
		if key.Name == name {
			return key, true
		}
	}
	return Key{}, false
}
