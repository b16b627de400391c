package main

import (
	"encoding/json"
	"fmt"
	"text/tabwriter"

	"github.com/tributary-dev/tributary/testbank/scenarios"
)

type scenariosCommand struct {
	Name string `arg:"" optional:"" help:"Print this one, which is a configuration to start from."`
	JSON bool   `name:"json" help:"Print a JSON list."`
}

// Run lists the stories as a table or as JSON, or prints one.
func (c *scenariosCommand) Run(std streams) error {
	if c.Name != "" {
		story, err := named(c.Name)
		if err == nil {
			_, err = std.out.Write(story.Text)
		}
		return err
	}
	all := scenarios.All()
	if c.JSON {
		return json.NewEncoder(std.out).Encode(all)
	}
	table := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tDAYS\tTITLE")
	for _, s := range all {
		fmt.Fprintf(table, "%s\t%d\t%s\n", s.Name, s.Days, s.Title)
	}
	return table.Flush()
}
