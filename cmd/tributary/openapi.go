package main

import (
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/adapters/httpapi"
)

type openapiCommand struct {
	Out string `help:"Folder for openapi.yaml (3.1) and openapi-3.0.yaml; without it 3.1 is printed."`
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
	if err := os.WriteFile(filepath.Join(c.Out, "openapi.yaml"), newer, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.Out, "openapi-3.0.yaml"), older, 0o644)
}
