package connecting_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

const canary = "canary-5eCret"

func service(w *usecasetest.World) connecting.Service {
	runs := synchronizing.Service{Store: w.Store, Now: w.Now, IDs: w.IDs}
	return connecting.Service{Store: w.Store, Catalogue: w.Banks, Box: w.Box, Now: w.Now, IDs: w.IDs, Runs: runs}
}

func credentials() secret.Values {
	return secret.Values{"login": secret.New("1234"), "password": secret.New(canary)}
}

func embedded(values secret.Values) usecase.NewChannel {
	return usecase.NewChannel{DefinitionID: usecasetest.Embedded, Credentials: values}
}

func order(channels ...usecase.NewChannel) usecase.NewConnection {
	return usecase.NewConnection{ProviderID: usecasetest.Bank, Channels: channels}
}

// connect makes a connection of Ana.
func connect(t *testing.T, w *usecasetest.World) *connection.Connection {
	t.Helper()
	made, err := service(w).Create(t.Context(), w.For(w.Ana), order(embedded(credentials())))
	require.NoError(t, err)
	return made
}

// over ends the run of a connection, so that another may start.
func over(w *usecasetest.World, c *connection.Connection) {
	w.Update(func(ctx context.Context, tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, c.LastSynchronizationID)
		return errors.Join(err, run.Cancel(w.Now()), tx.Runs().Put(ctx, run))
	})
}

// ask puts a challenge to the run of a connection, as a worker does.
func ask(w *usecasetest.World, c *connection.Connection, kind connection.ChallengeType, change func(*connection.Challenge)) *connection.Challenge {
	w.Pass(time.Second)
	asked := &connection.Challenge{
		ID: ident.New[ident.Challenge](w.IDs), ClientID: c.ClientID, UserID: c.UserID, ConnectionID: c.ID,
		SynchronizationID: c.LastSynchronizationID, ChannelDefinition: usecasetest.Embedded, Ref: "1", Type: kind, Message: bank.Text{"en": "Please."},
		State: connection.Open, CreatedAt: w.Now(), ExpiresAt: w.Now().Add(time.Minute),
	}
	switch kind {
	case connection.Form:
		asked.Fields = []form.Field{{Name: "code", Type: form.Text, Required: true, Regex: "[0-9]{6}"}}
	case connection.Options:
		asked.Options = []form.Choice{{Value: "sms"}, {Value: "mail"}}
	case connection.Redirect:
		asked.ReturnHash = connection.HashReturn(secret.New("the state"))
	}
	if change != nil {
		change(asked)
	}
	w.Update(func(ctx context.Context, tx store.Tx) error {
		run, err := tx.Runs().Load(ctx, c.LastSynchronizationID)
		if err != nil {
			return err
		}
		if run.Status == synchronization.Queued {
			err = errors.Join(run.Claim("here", w.Now(), w.Now().Add(time.Minute)), run.Pause(asked.ChannelDefinition, nil, asked.ExpiresAt))
		}
		return errors.Join(err, tx.Runs().Put(ctx, run), tx.Challenges().Put(ctx, asked))
	})
	return asked
}

// code asks for the stable code of an error.
func code(t *testing.T, want string, err error) *fault.Error {
	t.Helper()
	var told *fault.Error
	require.ErrorAs(t, err, &told)
	require.Equal(t, want, told.Code)
	require.NotContains(t, told.Error(), canary)
	return told
}
