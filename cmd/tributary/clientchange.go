package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

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
func (c oneClient) change(ctx context.Context, v setting.Values, fn func(*client.Client) error) (changed client.Client, err error) {
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
			if err := fn(&changed); err != nil {
				return err
			}
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
	changed, err := c.change(ctx, v, func(found *client.Client) error { found.SecretHash = hash; return nil })
	if err != nil {
		return err
	}
	shape := shapeOf(changed)
	shape.Secret = secret.Reveal()
	return shape.print(std, c.JSON)
}

type clientMove struct {
	oneClient
	addressFlags
	None []string `name:"none" enum:"redirect-url,origin,app-link" help:"Of this kind it has none any more: redirect-url, origin or app-link; may be repeated." placeholder:"KIND"`
}

// Help shows how it is meant to be called.
func (clientMove) Help() string {
	return examples("What is given replaces all of its kind; the rest stays. Origins count at once, also for visits to the widget that are under way.",
		"tributary client move cli_06h0k279xfz2bxvfwmdf973efw --origin https://budget.example --origin https://shop.example",
		"tributary client move cli_06h0k279xfz2bxvfwmdf973efw --none app-link")
}

// Run replaces the addresses.
func (c clientMove) Run(ctx context.Context, std streams, v setting.Values) error {
	var wrong error
	changed, err := c.change(ctx, v, func(found *client.Client) error {
		for _, kind := range []struct {
			name  string
			given []string
			list  *[]string
		}{{"redirect-url", c.RedirectURLs, &found.RedirectURLs}, {"origin", c.Origins, &found.Origins}, {"app-link", c.AppLinks, &found.AppLinks}} {
			if len(kind.given) > 0 || slices.Contains(c.None, kind.name) {
				*kind.list = kind.given
			}
		}
		wrong = found.Check()
		return wrong
	})
	if wrong != nil {
		return fmt.Errorf("%w: %w", errWrongCall, wrong)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, shapeOf(changed))
	}
	_, err = fmt.Fprintf(std.out, "%s (%s)\n  redirect URLs  %s\n  origins        %s\n  app links      %s\n", changed.ID, changed.Name,
		listed(changed.RedirectURLs), listed(changed.Origins), listed(changed.AppLinks))
	return err
}

func listed(all []string) string { return cmp.Or(strings.Join(all, " "), "-") }

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
	changed, err := c.change(ctx, v, func(found *client.Client) error { found.Disabled = disabled; return nil })
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, shapeOf(changed))
	}
	_, err = fmt.Fprintf(std.out, "%s (%s) is %s\n", changed.ID, changed.Name, map[bool]string{true: "disabled", false: "enabled"}[disabled])
	return err
}
