// Package tributaryjs is the script that opens the widget in a client's page. The
// folder is an npm package as it stands (package.json), and the server gives the
// same file to pages that load it from there.
//
// Invariant: the script needs nothing but a browser, believes a message only from
// the window that it opened and the origin of the link, and takes from it only what
// it knows by name.
package tributaryjs

import _ "embed"

// Script is tributary.js.
//
//go:embed tributary.js
var Script []byte
