package main

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

// oneClient names a client that is there.
type oneClient struct {
	placeFlags
	ID   string `arg:"" name:"client" help:"Its id, cli_…"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// change reads and writes the client in one transaction.
func (c oneClient) change(ctx context.Context, v setting.Values, fn func(*client.Client)) (changed client.Client, err error) {
	id, err := idOf[ident.Client]("<client>", c.ID)
	if err != nil {
		return changed, err
	}
	if err := needDatabase(ctx, v); err != nil {
		return changed, err
	}
	err = withStore(ctx, v, func(state *bunstore.Store) error {
		return state.Update(ctx, store.Fence{}, func(tx store.Tx) error {
			if changed, err = tx.Clients().Get(ctx, id); err != nil {
				return err
			}
			fn(&changed)
			return tx.Clients().Put(ctx, changed)
		})
	})
	return changed, err
}

type clientRotate struct{ oneClient }

// Help shows how it is meant to be called.
func (clientRotate) Help() string {
	return examples("Tokens that were given before live on until they end; 'client disable' ends them too.",
		"tributary client rotate cli_06h0k279xfz2bxvfwmdf973efw --json")
}

// Run replaces the secret.
func (c clientRotate) Run(ctx context.Context, std streams, v setting.Values) error {
	secret, hash := oauth.NewSecret(rand.Reader)
	changed, err := c.change(ctx, v, func(found *client.Client) { found.SecretHash = hash })
	if err != nil {
		return err
	}
	shape := shapeOf(changed)
	shape.Secret = secret.Reveal()
	return shape.print(std, c.JSON)
}

type clientDisable struct{ oneClient }

// Run refuses the client.
func (c clientDisable) Run(ctx context.Context, std streams, v setting.Values) error {
	return c.set(ctx, std, v, true)
}

type clientEnable struct{ oneClient }

// Run lets the client in again.
func (c clientEnable) Run(ctx context.Context, std streams, v setting.Values) error {
	return c.set(ctx, std, v, false)
}

func (c oneClient) set(ctx context.Context, std streams, v setting.Values, disabled bool) error {
	changed, err := c.change(ctx, v, func(found *client.Client) { found.Disabled = disabled })
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, shapeOf(changed))
	}
	_, err = fmt.Fprintf(std.out, "%s (%s) is %s\n", changed.ID, changed.Name, map[bool]string{true: "disabled", false: "enabled"}[disabled])
	return err
}
