package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"text/tabwriter"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// withStore opens the state for one command, beside a server that may run.
func withStore(ctx context.Context, v setting.Values, work func(*bunstore.Store) error) error {
	if err := needFolder(v); err != nil {
		return err
	}
	state, err := node.FromValues(v).OpenStore(ctx, bunstore.Config{Shared: true})
	if errors.Is(err, bunstore.ErrInUse) {
		return fmt.Errorf("%w; a server of another version runs: stop it, or use this command of its own version", err)
	}
	if err != nil {
		return err
	}
	err = work(state)
	if closing := state.Close(); err == nil {
		err = closing
	}
	return err
}

func needFolder(v setting.Values) error {
	if _, err := os.Stat(v.Data); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the data folder %s is not there: name it with --data, or make it (mkdir -m 700)", v.Data)
	}
	return nil
}

// idOf reads an id that somebody typed.
func idOf[T ident.ID](name, text string) (T, error) {
	id, err := ident.Parse[T](text)
	if err != nil {
		return id, fmt.Errorf("%w: %s is to be an id, which looks like %s_06h0k279xfz2bxvfwmdf973efw", errWrongCall, name, id.Prefix())
	}
	return id, nil
}

// needDatabase refuses a folder without a database: a command that changes
// what is there must not make an empty one and call that done.
func needDatabase(ctx context.Context, v setting.Values) error {
	config := node.FromValues(v)
	found, err := config.Schema(ctx)
	if err != nil {
		return err
	}
	if found.Current == 0 {
		return fmt.Errorf("there is no database at %s: name its folder with --data, or its server with --database-url-file", config.DatabaseName())
	}
	return nil
}

// every reads a list to its end.
func every[T any](read func(store.Page) (store.Slice[T], error)) (all []T, err error) {
	page := store.Page{Limit: 100}
	for {
		found, err := read(page)
		if err != nil {
			return nil, err
		}
		all = append(all, found.Items...)
		if found.Next == nil {
			return all, nil
		}
		page.After = found.Next
	}
}

// list is what a script reads: the same shape as the API's.
type list[T any] struct {
	Data []T `json:"data"`
}

func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

func printList[T any](out io.Writer, items []T) error {
	if items == nil {
		items = []T{}
	}
	return printJSON(out, list[T]{items})
}

// printTable writes columns; each row ends its cells with tabs between.
func printTable(out io.Writer, head string, rows func(line func(format string, cells ...any))) error {
	table := tabwriter.NewWriter(out, 2, 4, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, head)
	rows(func(format string, cells ...any) { _, _ = fmt.Fprintf(table, format+"\n", cells...) })
	return table.Flush()
}
