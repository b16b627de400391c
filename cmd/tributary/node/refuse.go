package node

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

// Refusals are the reasons for which a node does not start.
type Refusals []string

// Error names them all, one a line.
func (r Refusals) Error() string {
	return "this server does not start:\n  " + strings.Join(r, "\n  ")
}

// testBank is the name of the test bank's plugin. A plugin's name is that of
// its file and what the program itself says, so no other name hides it.
const testBank = "testbank"

// Refusals looks at everything that can be known before anything is opened.
func (c Config) Refusals() (all Refusals) {
	c = c.withDefaults()
	if c.DatabaseURLFile != "" {
		if _, err := c.dsn(); err != nil {
			return Refusals{err.Error()} // what follows looks at the database
		}
	}
	all = append(all, c.refuseBus()...)
	all = append(all, c.refuseTLS()...)
	all = append(all, c.refuseEnvironment()...)
	if c.Environment == setting.Production {
		all = append(all, c.refuseInProduction()...)
	}
	return all
}

func (c Config) refusals() error {
	if all := c.Refusals(); len(all) > 0 {
		return all
	}
	return nil
}

func (c Config) refuseTLS() (all Refusals) {
	if (c.TLSCertFile == "") != (c.TLSKeyFile == "") {
		return Refusals{"tls_cert_file and tls_key_file are given together or not at all"}
	}
	if c.TLSCertFile != "" {
		if _, err := openCertificate(c.TLSCertFile, c.TLSKeyFile); err != nil {
			return Refusals{"the certificate: " + err.Error()}
		}
	}
	return nil
}

func (c Config) refuseInProduction() (all Refusals) {
	if _, err := os.Stat(c.Data); err != nil {
		all = append(all, fmt.Sprintf("the data folder %s is not there: make it (mkdir -m 700), or mount its volume", c.Data))
	}
	if _, err := sealbox.Load(c.MasterKeyFile); errors.Is(err, os.ErrNotExist) {
		all = append(all, fmt.Sprintf("the master key %s is not there: %s", c.MasterKeyFile, mendKey(context.Background(), c)))
	} else if err != nil {
		all = append(all, "the master key: "+err.Error())
	}
	if !strings.HasPrefix(c.PublicURL, "https://") {
		all = append(all, "public_url is needed, with https: banks and browsers are sent back there")
	}
	if c.TLSCertFile == "" && len(c.BehindProxy) == 0 && !local(c.Listen) {
		all = append(all, fmt.Sprintf("plain HTTP on %s can be read on its way: give tls_cert_file and tls_key_file, or listen on 127.0.0.1, or say with behind_proxy which proxies end TLS before it", c.Listen))
	}
	for _, network := range c.BehindProxy {
		if network.Bits() == 0 {
			all = append(all, fmt.Sprintf("behind_proxy: %s is everybody; name the networks of your proxies", network))
		}
	}
	return append(all, c.refusePlugins()...)
}

func (c Config) refusePlugins() Refusals {
	if _, err := os.ReadDir(c.Plugins); err != nil {
		return Refusals{fmt.Sprintf("the folder of plugins %s cannot be read: say where they are with plugins", c.Plugins)}
	}
	for _, name := range []string{testBank, testBank + ".json"} {
		if _, err := os.Lstat(filepath.Join(c.Plugins, name)); err == nil {
			return Refusals{fmt.Sprintf("the test bank has no place in production: remove %s* from %s", testBank, c.Plugins)}
		}
	}
	return nil
}

// local reports whether an address is reached from this machine alone.
func local(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && ip.IsLoopback())
}
