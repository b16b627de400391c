package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/tributary-dev/tributary/adapters/bunstore"
)

type versionCommand struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// versionShape is what a bug report or a roll-out wants to know of a program.
type versionShape struct {
	Version string `json:"version"`
	// Schema is the newest version of the database's schema that it knows: a
	// program that knows less refuses a database that has it.
	Schema   int64  `json:"schema"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Run prints the version.
func (c versionCommand) Run(std streams) error {
	shape := versionShape{version, bunstore.Newest(), revision(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH}
	if c.JSON {
		return printJSON(std.out, shape)
	}
	_, err := fmt.Fprintf(std.out, "tributary %s (schema %d, %s, %s)\n", shape.Version, shape.Schema, shape.Go, shape.Platform)
	return err
}

// revision is the commit that the program was built from, where the compiler
// saw one.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
