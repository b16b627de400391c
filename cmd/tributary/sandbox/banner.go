package sandbox

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// banner is what a person reads at the start.
func banner(g Greeting, data string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `
  Tributary sandbox is running.

    API        %s
    test bank  %s
    data       %s

    client_id      %s
    client_secret  %s

  Open the playground in a browser: the widget, events and data, with the calls beside them.

    %s

`, g.BaseURL, g.TestBankURL, data, g.ClientID, g.ClientSecret, g.Playground)
	table := tabwriter.NewWriter(&b, 2, 4, 2, ' ', 0)
	fmt.Fprintln(table, "    LOGIN\tPASSWORD\tCHALLENGE\tCODE\tWHO")
	for _, p := range g.Personas {
		fmt.Fprintf(table, "    %s\t%s\t%s\t%s\t%s\n", p.Login, p.Password, p.Challenge, p.Code, p.Description)
	}
	_ = table.Flush()
	fmt.Fprintf(&b, `
  Try it:

    curl -s -u '%s:%s' -d grant_type=client_credentials %s/oauth/token

  Ctrl-C ends all of it.

`, g.ClientID, g.ClientSecret, g.BaseURL)
	return b.String()
}
