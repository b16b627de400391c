package main

import (
	"regexp"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// configurationField chooses a bank from a client's own configuration. No form shows it: whoever sent the
// configuration gives its id beside the credentials.
var configurationField = sdk.Field{
	Name: "configuration", Type: sdk.FieldHidden, Regex: configurationShape,
	Label: sdk.Text{"en": "Configuration of the test bank", "fr": "Configuration de la banque de test"},
}

const configurationShape = `[a-z0-9][a-z0-9_-]{0,63}`

var configurationID = regexp.MustCompile(`^` + configurationShape + `$`)

// of gives the client for the bank of a configuration; empty is the one at the root.
func (c *client) of(configuration string) (*client, error) {
	switch {
	case configuration == "":
		return c, nil
	case !configurationID.MatchString(configuration):
		return nil, failures["configuration_not_found"]()
	}
	return &client{base: c.base.JoinPath("b", configuration), http: c.http}, nil
}
