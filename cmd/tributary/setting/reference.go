package setting

import (
	"fmt"
	"strings"
)

// Reference is docs/reference/configuration.md.
func Reference() string {
	var b strings.Builder
	b.WriteString(`# Configuration

<!-- Generated from cmd/tributary/setting; rewrite it with: go test ./cmd/tributary/setting -update -->

A setting is a flag, a variable of the environment, or a key of one YAML file. Where it stands more than once, the flag
counts before the variable, and the variable before the file. ` + "`--config FILE`, or `" + configVariable + "`" + `, names the file; without
it none is read.

A key or value that is wrong stops the start, wherever it stands and whether or not it would have counted. All of them
are named at once, with their place:

` + "```text" + `
tributary: 3 settings are wrong; nothing was started:
  TRIBUTARY_LOG_LEVEL: wants debug, info, warn or error
  /etc/tributary.yaml:3: lisen: there is no such setting; did you mean listen?
  /etc/tributary.yaml:7: behind_proxy: wants networks such as 10.0.0.0/8, separated by commas
` + "```" + `

No setting is a secret: the master key, and the key of a certificate, are files that a setting names.

| key of the file | flag | variable | default | what it is |
|---|---|---|---|---|
`)
	for _, key := range Keys() {
		flag, variable := "`--"+key.Flag()+"`", "`"+key.Variable()+"`"
		if key.FileOnly {
			flag, variable = "", ""
		}
		shown := ""
		if key.Default != "" {
			shown = "`" + key.Default + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s Wants %s. |\n", key.Name, flag, variable, shown, key.Help, key.Wants)
	}
	b.WriteString(`
## An example

` + "```yaml" + `
environment: production
data: /var/lib/tributary
master_key_file: /etc/tributary/master.key
listen: 10.0.0.5:8443
public_url: https://bank-data.example.com
tls_cert_file: /etc/tributary/tls/chain.pem
tls_key_file: /etc/tributary/tls/key.pem
plugins: /opt/tributary/plugins
plugin_settings:
  my-bank:
    base_url: https://api.my-bank.example
log_format: json
` + "```" + `
`)
	return b.String()
}
