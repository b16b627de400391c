package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/store"
)

type clientCommands struct {
	Create  clientCreate  `cmd:"" help:"Add a client; its secret is shown once."`
	List    clientList    `cmd:"" help:"List the clients."`
	Rotate  clientRotate  `cmd:"" help:"Give a client a new secret; the old one ends at once."`
	Move    clientMove    `cmd:"" help:"Say anew where a client's pages and app are."`
	Theme   clientTheme   `cmd:"" help:"See or change how the widget looks for a client."`
	Disable clientDisable `cmd:"" help:"Refuse a client's calls and tokens from now on."`
	Enable  clientEnable  `cmd:"" help:"Let a disabled client in again."`
}

// clientShape is a client as scripts read it. The secret is there once, when
// it was made.
type clientShape struct {
	ID           ident.Client   `json:"client_id"`
	Secret       string         `json:"client_secret,omitempty"`
	Name         string         `json:"name"`
	Scopes       []client.Scope `json:"scopes"`
	Rights       []client.Right `json:"rights"`
	RedirectURLs []string       `json:"redirect_urls"`
	Origins      []string       `json:"origins"`
	AppLinks     []string       `json:"app_links"`
	Disabled     bool           `json:"disabled"`
	CreatedAt    time.Time      `json:"created_at"`
}

func shapeOf(c client.Client) clientShape {
	return clientShape{
		ID: c.ID, Name: c.Name, Scopes: append([]client.Scope{}, c.Scopes...), Rights: append([]client.Right{}, c.Rights...),
		RedirectURLs: append([]string{}, c.RedirectURLs...), Origins: append([]string{}, c.Origins...), AppLinks: append([]string{}, c.AppLinks...),
		Disabled: c.Disabled, CreatedAt: c.CreatedAt.UTC(),
	}
}

func (s clientShape) print(std streams, asJSON bool) error {
	if asJSON {
		return printJSON(std.out, s)
	}
	_, err := fmt.Fprintf(std.out, "client_id      %s\nclient_secret  %s\n\nThe secret is not kept and will not be shown again.\n", s.ID, s.Secret)
	return err
}

// addressFlags say where a client is.
type addressFlags struct {
	RedirectURLs []string `name:"redirect-url" sep:"none" help:"Where its users may be sent back to, exactly; may be repeated." placeholder:"URL"`
	Origins      []string `name:"origin" sep:"none" help:"Where its pages are that may show the widget in a frame or a popup, such as https://budget.example; may be repeated." placeholder:"ORIGIN"`
	AppLinks     []string `name:"app-link" sep:"none" help:"What opens its app on a phone, with a scheme of its own, such as com.example.budget:/banks; may be repeated." placeholder:"URL"`
}

type clientCreate struct {
	placeFlags
	Name   string         `required:"" help:"What people call it, 1 to 100 characters."`
	Scopes []client.Scope `name:"scope" help:"A scope it may ask for; may be repeated. Without it: all of them." placeholder:"SCOPE"`
	Rights []client.Right `name:"right" help:"direct_credentials (may post bank credentials itself), password_grant or sandbox_control (may move a sandbox's clock); may be repeated." placeholder:"RIGHT"`
	addressFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Help shows how it is meant to be called.
func (clientCreate) Help() string {
	return examples("While the server runs or not:",
		"tributary client create --name 'Budget app' --redirect-url https://budget.example/back --origin https://budget.example",
		"tributary client create --name Importer --scope accounts_read --scope transactions_read --right direct_credentials --json")
}

// Run adds a client.
func (c clientCreate) Run(ctx context.Context, std streams, v setting.Values) error {
	secret, hash := oauth.NewSecret(rand.Reader)
	made, err := client.New(ident.New[ident.Client](ident.Real()), c.Name, hash, time.Now())
	if err != nil {
		return fmt.Errorf("%w: %w", errWrongCall, err)
	}
	if len(c.Scopes) > 0 {
		made.Scopes = c.Scopes
	}
	made.Rights, made.RedirectURLs, made.Origins, made.AppLinks = c.Rights, c.RedirectURLs, c.Origins, c.AppLinks
	if err := made.Check(); err != nil {
		return fmt.Errorf("%w: %w", errWrongCall, err)
	}
	err = withStore(ctx, v, func(state *bunstore.Store) error {
		return state.Update(ctx, store.Fence{}, func(tx store.Tx) error { return tx.Clients().Put(ctx, made) })
	})
	if err != nil {
		return err
	}
	shape := shapeOf(made)
	shape.Secret = secret.Reveal()
	return shape.print(std, c.JSON)
}

type clientList struct {
	placeFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Run lists the clients.
func (c clientList) Run(ctx context.Context, std streams, v setting.Values) error {
	if err := needDatabase(ctx, v); err != nil {
		return err
	}
	var shapes []clientShape
	err := withStore(ctx, v, func(state *bunstore.Store) error {
		return state.View(ctx, func(tx store.Tx) error {
			all, err := every(func(p store.Page) (store.Slice[client.Client], error) { return tx.Clients().List(ctx, p) })
			for _, one := range all {
				shapes = append(shapes, shapeOf(one))
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printList(std.out, shapes)
	}
	return printTable(std.out, "CLIENT\tNAME\tSTATE\tRIGHTS\tCREATED", func(line func(string, ...any)) {
		for _, s := range shapes {
			state := "enabled"
			if s.Disabled {
				state = "disabled"
			}
			line("%s\t%s\t%s\t%s\t%s", s.ID, s.Name, state, cmp.Or(joined(s.Rights), "-"), s.CreatedAt.Format(time.DateOnly))
		}
	})
}

func joined[T ~string](words []T) string {
	var texts []string
	for _, word := range words {
		texts = append(texts, string(word))
	}
	slices.Sort(texts)
	return strings.Join(texts, ",")
}
