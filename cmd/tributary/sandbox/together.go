package sandbox

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/tributary-dev/tributary/cmd/tributary/node"
)

// sitePlugin is the plugin that reads banks' web sites.
const sitePlugin = "scraper"

// together is one bank that two plugins serve, where both are installed: the test
// bank by its PSD2 interface and, with the id of the recipe, by its web site.
var together = way{"testbank-modern", "Test Bank (PSD2 and web site)", "{approaches: [redirect]}", logo}

// served are the ways in which the test bank is reached over PSD2. One that another
// plugin serves too is there only where the operator lets them, or psd2 would not be
// served at all.
func served(config node.Config) []way {
	_, err := os.Stat(filepath.Join(config.Plugins, sitePlugin+".json"))
	if err != nil || !slices.Contains(config.Together, psd2Plugin) || !slices.Contains(config.Together, sitePlugin) {
		return ways
	}
	return append(slices.Clone(ways), together)
}

// allowed has the two plugins serve it, unless the operator says who may.
func allowed(config node.Config) node.Config {
	if config.Together == nil {
		config.Together = []string{psd2Plugin, sitePlugin}
	}
	return config
}
