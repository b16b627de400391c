package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/tributary-dev/tributary/testbank/admin"
)

type personas struct {
	source
	JSON bool `name:"json" help:"Print a JSON list."`
}

// Run lists the personas as a table or as JSON.
func (p *personas) Run(std streams) error {
	file, err := p.load(std.err)
	if err != nil {
		return err
	}
	list := admin.Personas(file)
	if p.JSON {
		return json.NewEncoder(std.out).Encode(list)
	}
	table := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "LOGIN\tPASSWORD\tCHALLENGE\tCODE\tDESCRIPTION")
	for _, who := range list {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", who.Login, who.Password, who.Challenge, who.Code, who.Description)
	}
	return table.Flush()
}
