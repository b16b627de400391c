// Command testbank is the provider plugin for the test bank, over both of its channels.
//
// It translates between the plugin contract and the bank's HTTP, and is as thin as such a thing can be. It must not
// know the server, nor how the bank makes its data. Invariants: only the configured address is ever contacted and no
// redirect is followed; nothing is remembered between calls, so that every challenge is durable; only Refresh spends
// a refresh token; and no text of the bank reaches an error's message.
package main

import "github.com/tributary-dev/tributary/plugins/sdk/serve"

func main() { serve.Main(fromSettings) }
