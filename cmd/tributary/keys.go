package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/cmd/tributary/node"
	"github.com/tributary-dev/tributary/cmd/tributary/rotation"
	"github.com/tributary-dev/tributary/cmd/tributary/sandbox"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/ports/sealer"
)

type keyCommands struct {
	Generate     keysGenerate     `cmd:"" help:"Make a master key, in a file that is not there yet."`
	Rotate       keysRotate       `cmd:"" help:"Replace the master key, while the server runs."`
	Certificates keysCertificates `cmd:"" help:"Make test certificates with the attributes of PSD2."`
}

// keyFileOf is the file that the settings mean.
func keyFileOf(v setting.Values) string { return cmp.Or(v.MasterKeyFile, node.KeyFile(v.Data)) }

type keysGenerate struct {
	placeFlags
	keyFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Help shows how it is meant to be called.
func (keysGenerate) Help() string {
	return examples("Keep a copy of the file apart from the database's backups: without it nobody reads the banks' secrets again.",
		"tributary keys generate --data /var/lib/tributary", "tributary keys generate --master-key-file /etc/tributary/master.key")
}

// Run makes the key.
func (c keysGenerate) Run(ctx context.Context, std streams, v setting.Values) error {
	path, config := keyFileOf(v), node.FromValues(v)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if _, err := config.Schema(ctx); err != nil {
			return err
		}
		if config.NeedsKey(ctx) || sandbox.HasClient(v.Data) {
			return fmt.Errorf("%s was made with a master key that is not at %s: restore that one; a new one opens nothing of it", config.DatabaseName(), path)
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	_, err := sealbox.Create(path)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already and was left alone; 'tributary keys rotate' replaces it", path)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, map[string]string{"master_key_file": path})
	}
	_, err = fmt.Fprintf(std.out, "%s is made. Keep a copy of it apart from the database's backups.\n", path)
	return err
}

type keysRotate struct {
	placeFlags
	keyFlags
	Step   rotation.Step `help:"all, or one of prepare, wrap, destroy where several servers have copies of the key file." enum:"all,prepare,wrap,destroy" default:"all"`
	Settle time.Duration `help:"How long to wait before the old key is destroyed: longer than any request takes." default:"60s"`
	JSON   bool          `name:"json" help:"Print JSON."`
}

// Help says what happens.
func (keysRotate) Help() string {
	return examples("Makes a new master key, wraps every user's key anew and destroys the old one. The server goes on meanwhile. "+
		"When it was interrupted, call it again. Afterwards, backups of the database from before can only be read with the old key file: "+
		"keep a copy of it for as long as you keep them.",
		"tributary keys rotate --data /var/lib/tributary", "tributary keys rotate --step prepare")
}

// Run rotates, or goes on with a rotation.
func (c keysRotate) Run(ctx context.Context, std streams, v setting.Values) error {
	if err := needDatabase(ctx, v); err != nil {
		return err
	}
	var result rotation.Result
	err := withStore(ctx, v, func(state *bunstore.Store) (err error) {
		result, err = rotation.Rotation{
			KeyFile: keyFileOf(v), Store: state, Settle: c.Settle, Step: c.Step, Now: time.Now,
			Also: func(box sealer.Rewrapper) error { return sandbox.Rewrap(v.Data, box) },
			Told: func(text string) { _, _ = fmt.Fprintln(std.log, text) },
		}.Run(ctx)
		return err
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, result)
	}
	if !result.Finished {
		_, err = fmt.Fprintf(std.out, "the step %s is done; both keys are in %s\n", c.Step, keyFileOf(v))
		return err
	}
	_, err = fmt.Fprintf(std.out, "%s holds the new key alone; backups of the database from before need the old file\n", keyFileOf(v))
	return err
}
