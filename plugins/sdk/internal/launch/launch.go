// Package launch owns what server and plugin agree on before they speak the
// protocol: the cookie, the version, the names of variables.
package launch

import goplugin "github.com/hashicorp/go-plugin"

const (
	// Version of the protocol; both sides may know several at once.
	Version = 1
	// Service is the name of the only service behind the handshake.
	Service = "provider"
	// ParentFD names the variable with the number of the open end of a pipe
	// that closes when the server ends.
	ParentFD = "TRIBUTARY_PARENT_FD"
	// BinaryFD names the variable with the number under which the program
	// itself was opened.
	BinaryFD = "TRIBUTARY_BINARY_FD"
	// SettingPrefix begins the name of every variable that is a setting.
	SettingPrefix = "TRIBUTARY_SETTING_"
	// CannotStart begins the line in which a plugin says, on its standard
	// error, why it does not start.
	CannotStart = "cannot start: "
)

// Handshake tells a plugin that it was started by the server. It is no secret.
var Handshake = goplugin.HandshakeConfig{
	ProtocolVersion:  Version,
	MagicCookieKey:   "TRIBUTARY_PLUGIN",
	MagicCookieValue: "provider-7c1f0f6e",
}
