package main

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
	"github.com/tributary-dev/tributary/core/app/enrolling"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

type userCommands struct {
	List   userList   `cmd:"" help:"List the users of a client."`
	Delete userDelete `cmd:"" help:"Erase a user and everything that belongs to it."`
}

// ofClient names whose users are meant.
type ofClient struct {
	placeFlags
	Client string `required:"" help:"Id of the client, cli_…" placeholder:"ID"`
}

func (c ofClient) id() (ident.Client, error) {
	return idOf[ident.Client]("--client", c.Client)
}

type userList struct {
	ofClient
	JSON bool `name:"json" help:"Print JSON."`
}

// userShape is a user as scripts read it, as in the API.
type userShape struct {
	ID         ident.User `json:"id"`
	Email      string     `json:"email,omitempty"`
	ExternalID string     `json:"external_id,omitempty"`
	CreatedAt  time.Time  `json:"created_at"`
}

// Run lists the users.
func (c userList) Run(ctx context.Context, std streams, v setting.Values) error {
	owner, err := c.id()
	if err != nil {
		return err
	}
	if err := needDatabase(ctx, v); err != nil {
		return err
	}
	var shapes []userShape
	err = withStore(ctx, v, func(state *bunstore.Store) error {
		return state.View(ctx, func(tx store.Tx) error {
			if _, err := tx.Clients().Get(ctx, owner); err != nil {
				return err
			}
			all, err := every(func(p store.Page) (store.Slice[*user.User], error) {
				return tx.Users().List(ctx, owner, store.UserFilter{}, p)
			})
			for _, u := range all {
				shapes = append(shapes, userShape{u.ID, u.Email, u.ExternalID, u.CreatedAt.UTC()})
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
	return printTable(std.out, "USER\tE-MAIL\tEXTERNAL ID\tCREATED", func(line func(string, ...any)) {
		for _, u := range shapes {
			line("%s\t%s\t%s\t%s", u.ID, cmp.Or(u.Email, "-"), cmp.Or(u.ExternalID, "-"), u.CreatedAt.Format(time.DateOnly))
		}
	})
}

type userDelete struct {
	ofClient
	ID   string `arg:"" name:"user" help:"Its id, usr_…"`
	Yes  bool   `help:"Really erase: it cannot be undone."`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help shows how it is meant to be called.
func (userDelete) Help() string {
	return examples("The same as DELETE /v1/users/{id}: connections, accounts, transactions, tokens and the user's key go with it.",
		"tributary user delete --client cli_06h0k279xfz2bxvfwmdf973efw --yes usr_06h0k27a55vqxk8sdmcdtm2t6w")
}

// Run erases a user.
func (c userDelete) Run(ctx context.Context, std streams, v setting.Values) error {
	owner, err := c.id()
	if err != nil {
		return err
	}
	if _, err := idOf[ident.User]("<user>", c.ID); err != nil {
		return err
	}
	if !c.Yes {
		return fmt.Errorf("%w: nothing was erased; say --yes, it cannot be undone", errWrongCall)
	}
	if err := needDatabase(ctx, v); err != nil {
		return err
	}
	err = withStore(ctx, v, func(state *bunstore.Store) error {
		service := enrolling.Service{Store: state, Now: time.Now, IDs: ident.Real()}
		return service.Delete(ctx, usecase.Principal{Client: owner}, c.ID)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(std.out, map[string]any{"id": c.ID, "erased": true})
	}
	_, err = fmt.Fprintf(std.out, "%s is erased\n", c.ID)
	return err
}
