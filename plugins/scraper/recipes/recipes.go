// Package recipes holds the recipes that are shipped with the plugin. It knows nothing else. Invariant: each passes lint.
package recipes

import "embed"

// Shipped are the recipes, one file a bank.
//
//go:embed *.yaml
var Shipped embed.FS
