package main

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/jobqueue"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

type migrateCommands struct {
	Status migrateStatus `cmd:"" help:"Show how far the database's schema has come. Changes nothing."`
	Up     migrateUp     `cmd:"" help:"Bring the schema up to date, with no server running. A server does so by itself when it starts."`
}

type schemaShape struct {
	Current int64    `json:"current"`
	Newest  int64    `json:"newest"`
	Pending []string `json:"pending"`
}

func showSchema(std streams, asJSON bool, found bunstore.Schema) error {
	shape := schemaShape{found.Current, found.Newest, append([]string{}, found.Pending...)}
	if asJSON {
		return printJSON(std.out, shape)
	}
	_, err := fmt.Fprintf(std.out, "schema %d; this program knows %d\n", shape.Current, shape.Newest)
	for _, name := range shape.Pending {
		_, _ = fmt.Fprintln(std.out, "  still to come:", name)
	}
	return err
}

type migrateStatus struct {
	placeFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Run shows the schema.
func (c migrateStatus) Run(ctx context.Context, std streams, v setting.Values) error {
	if err := needDatabase(ctx, v); err != nil {
		return err
	}
	found, err := node.FromValues(v).Schema(ctx)
	if err != nil {
		return err
	}
	return showSchema(std, c.JSON, found)
}

type migrateUp struct {
	placeFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Run changes the schema, the jobs' tables included.
func (c migrateUp) Run(ctx context.Context, std streams, v setting.Values) error {
	if err := needFolder(v); err != nil {
		return err
	}
	config := node.FromValues(v)
	state, err := config.OpenStore(ctx, bunstore.Config{})
	if err != nil {
		return err
	}
	_, err = config.OpenQueue(ctx, state, jobqueue.Config{Logger: slog.New(slog.DiscardHandler)})
	if closing := state.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	found, err := config.Schema(ctx)
	if err != nil {
		return err
	}
	return showSchema(std, c.JSON, found)
}
