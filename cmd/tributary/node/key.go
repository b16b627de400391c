package node

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/sealbox"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/app/rekeying"
)

// openKey reads the master key. Only a sandbox whose database is still to come
// makes one by itself: a new key under old data would bury that data.
func (n *Node) openKey(ctx context.Context) (err error) {
	_, missing := os.Stat(n.config.MasterKeyFile)
	if errors.Is(missing, fs.ErrNotExist) && n.config.Environment == setting.Sandbox && n.config.fresh(ctx) {
		if _, err := sealbox.LoadOrCreate(n.config.MasterKeyFile); err != nil {
			return err
		}
	}
	n.box, err = sealbox.Watch(n.config.MasterKeyFile, time.Now)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is not there: %s", n.config.MasterKeyFile, mendKey(ctx, n.config))
	}
	return err
}

// tryKey opens one user's key, so that a server with the key of another
// database does not begin to write.
func (n *Node) tryKey(ctx context.Context) error {
	_, err := rekeying.Service{Store: n.store, Box: n.box}.Sample(ctx)
	if err != nil {
		return fmt.Errorf("%s does not open what this database holds: %w", n.config.MasterKeyFile, err)
	}
	return nil
}

func mendKey(ctx context.Context, c Config) string {
	if c.NeedsKey(ctx) {
		return "the database needs the key it was made with; restore that file from where it is kept"
	}
	return "make one with 'tributary keys generate' and keep a copy apart from the database's backups"
}

// NeedsKey reports whether the database holds what only the key opens with
// which it was sealed. A database that cannot be looked into needs it.
func (c Config) NeedsKey(ctx context.Context) bool {
	found, err := c.Schema(ctx)
	if err != nil || found.Current == 0 {
		return err != nil
	}
	if found.Check() != nil { // looking would change the schema
		return true
	}
	state, err := c.OpenStore(ctx, bunstore.Config{Shared: true})
	if err != nil {
		return true
	}
	defer func() { _ = state.Close() }()
	holds, err := rekeying.Service{Store: state}.Holds(ctx)
	return err != nil || holds
}
