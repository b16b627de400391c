package main

import (
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/adapters/httpapi"
)

type openapiCommand struct {
	Out string `help:"Folder for openapi.yaml (3.1), openapi-3.0.yaml, events.schema.json and events.examples.json; without it 3.1 is printed."`
	Old bool   `help:"Print 3.0.3 instead of 3.1."`
}

// Run writes or prints the description, made from the code.
func (c openapiCommand) Run(std streams) error {
	newer, older, err := httpapi.Spec()
	if err != nil {
		return err
	}
	if c.Out == "" {
		if c.Old {
			newer = older
		}
		_, err = std.out.Write(newer)
		return err
	}
	schema, err := httpapi.EventSchema()
	if err != nil {
		return err
	}
	examples, err := httpapi.EventExamples()
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{
		"openapi.yaml": newer, "openapi-3.0.yaml": older, "events.schema.json": schema, "events.examples.json": examples,
	} {
		if err := os.WriteFile(filepath.Join(c.Out, name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
