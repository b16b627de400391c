package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/ports/sealer"
	"github.com/tributary-dev/tributary/ports/store"
)

// demoClient is the sandbox's own client. Its secret is shown at every start,
// so it is kept, sealed under the master key and never in clear.
type demoClient struct {
	ID           ident.Client `json:"id"`
	SealedKey    []byte       `json:"sealed_key"`
	SealedSecret []byte       `json:"sealed_secret"`

	secret secret.String
}

// NewSecret makes a client secret and its hash.
type NewSecret func() (secret.String, string)

// demoClientOf finds the demo client of a data folder, or makes it.
func demoClientOf(ctx context.Context, folder string, state store.Store, box sealer.Box, ids ident.Source, fresh NewSecret) (demoClient, error) {
	path := clientFile(folder)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeClient(ctx, path, state, box, ids, fresh)
	}
	if err != nil {
		return demoClient{}, err
	}
	var found demoClient
	if err := json.Unmarshal(text, &found); err != nil {
		return demoClient{}, fmt.Errorf("%s: %w", path, err)
	}
	plain, err := box.Open(found.SealedKey, binding(found.ID), found.SealedSecret)
	if err != nil {
		return demoClient{}, fmt.Errorf("%s belongs to another master key: remove the data folder to start anew", path)
	}
	found.secret = secret.New(string(plain.Reveal()))
	return found, nil
}

func clientFile(folder string) string { return filepath.Join(folder, "demo-client.json") }

// HasClient reports whether a data folder has a demo client, whose secret is
// sealed.
func HasClient(folder string) bool {
	_, err := os.Stat(clientFile(folder))
	return err == nil
}

// Rewrap wraps the demo client's key anew, when the master key is replaced. A
// data folder without a demo client has nothing to wrap.
func Rewrap(folder string, box sealer.Rewrapper) error {
	text, err := os.ReadFile(clientFile(folder))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var found demoClient
	if err := json.Unmarshal(text, &found); err != nil {
		return fmt.Errorf("%s: %w", clientFile(folder), err)
	}
	again, changed, err := box.Rewrap(found.ID, "", found.SealedKey)
	if err != nil || !changed {
		return err
	}
	found.SealedKey = again
	return keep(clientFile(folder), found)
}

func makeClient(ctx context.Context, path string, state store.Store, box sealer.Box, ids ident.Source, fresh NewSecret) (demoClient, error) {
	made := demoClient{ID: ident.New[ident.Client](ids)}
	plain, hash := fresh()
	made.secret = plain
	var err error
	if made.SealedKey, err = box.NewKey(made.ID, ""); err != nil {
		return made, err
	}
	if made.SealedSecret, err = box.Seal(made.SealedKey, binding(made.ID), secret.FromBytes([]byte(plain.Reveal()))); err != nil {
		return made, err
	}
	application, err := client.New(made.ID, "Sandbox demo", hash, time.Now())
	if err != nil {
		return made, err
	}
	application.Rights = []client.Right{client.DirectCredentials, client.PasswordGrant, client.SandboxControl}
	err = state.Update(ctx, store.Fence{}, func(tx store.Tx) error { return tx.Clients().Put(ctx, application) })
	if err != nil {
		return made, err
	}
	return made, keep(path, made)
}

// keep writes the file as a whole or not at all: a crash in between makes a new
// client at the next start, and leaves an unused one behind.
func keep(path string, made demoClient) error {
	text, err := json.MarshalIndent(made, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func binding(id ident.Client) sealer.Binding {
	return sealer.Binding{Client: id, Purpose: "demo client secret"}
}
