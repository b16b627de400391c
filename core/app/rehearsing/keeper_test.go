package rehearsing_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/access"
	"github.com/tributary-dev/tributary/core/app/rehearsing"
	"github.com/tributary-dev/tributary/core/ident"
	domain "github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/provider"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/testbank"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

func advance(by time.Duration) sandbox.Movement { return sandbox.Movement{Advance: &by} }

func TestMove_is_seen_by_every_process_and_by_the_bank(t *testing.T) {
	t.Parallel()
	s := open(t)
	acme := s.As(s.Acme)
	for _, step := range []struct{ by, want time.Duration }{{24 * time.Hour, 24 * time.Hour}, {-time.Hour, 23 * time.Hour}, {-72 * time.Hour, -49 * time.Hour}} {
		got, err := s.moving().Move(t.Context(), acme, advance(step.by))
		require.NoError(t, err)
		require.Equal(t, step.want, got.Offset)
		require.Equal(t, s.World.Now().Add(step.want), got.Now)
		require.Equal(t, step.want, s.bank.Offset())
		require.NotEqual(t, step.want, s.another.Clock.Offset())
		require.NoError(t, s.another.Settle(t.Context()))
		require.Equal(t, s.World.Now().Add(step.want), s.another.Clock.Now())
	}
	s.Pass(time.Minute)
	require.Equal(t, s.World.Now().Add(-49*time.Hour), s.keeper.Clock.Now(), "it goes on by itself")
	read, err := s.moving().Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, s.keeper.Clock.Now(), read.Now)
}

func TestMove_needs_the_right(t *testing.T) {
	t.Parallel()
	s := open(t)
	weak := s.As(s.Acme)
	weak.Rights = nil
	s.Unchanged(func() {
		_, err := s.moving().Move(t.Context(), weak, advance(time.Hour))
		require.ErrorIs(t, err, access.ErrControlNeeded)
		_, err = s.moving().Move(t.Context(), s.For(s.Ana), advance(time.Hour))
		require.ErrorIs(t, err, access.ErrClientOnly)
		_, err = s.moving().Move(t.Context(), s.As(s.Acme), sandbox.Movement{})
		require.ErrorIs(t, err, sandbox.ErrMovement)
	})
	require.Zero(t, s.keeper.Clock.Offset())
}

// A bank that cannot be told keeps nobody from moving the clock; it is told
// before it is asked anything.
func TestMove_while_the_bank_is_away(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.bank.Stop()
	_, err := s.moving().Move(t.Context(), s.As(s.Acme), advance(time.Hour))
	require.NoError(t, err)
	require.Equal(t, time.Hour, s.keeper.Clock.Offset())
	require.ErrorIs(t, s.keeper.Settle(t.Context()), testbank.ErrUnavailable)
	s.bank.Restart()
	require.NoError(t, s.keeper.Settle(t.Context()))
	require.Equal(t, time.Hour, s.bank.Offset())
}

func TestSettle_after_a_restart_of_either(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, second := s.upload(t), s.upload(t)
	_, err := s.moving().Move(t.Context(), s.As(s.Acme), advance(time.Hour))
	require.NoError(t, err)
	both := func(names ...ident.Configuration) {
		t.Helper()
		served, err := s.bank.Configurations(t.Context())
		require.NoError(t, err)
		require.ElementsMatch(t, names, served)
		require.Equal(t, time.Hour, s.bank.Offset())
	}
	both(first.ID, second.ID)
	t.Run("of_the_bank", func(t *testing.T) {
		s.bank.Restart()
		require.NoError(t, s.keeper.Settle(t.Context()))
		both(first.ID, second.ID)
	})
	t.Run("of_the_server", func(t *testing.T) {
		puts := s.bank.Puts()
		fresh := s.process()
		require.NoError(t, fresh.Settle(t.Context()))
		require.Equal(t, time.Hour, fresh.Clock.Offset())
		require.Equal(t, puts, s.bank.Puts(), "what the bank has it keeps")
	})
	t.Run("with_one_that_was_deleted", func(t *testing.T) {
		require.NoError(t, s.configurations().Delete(t.Context(), s.As(s.Acme), string(first.ID)))
		s.bank.Restart()
		require.NoError(t, s.another.Settle(t.Context()))
		both(second.ID)
	})
	t.Run("with_one_that_is_not_taken_any_more", func(t *testing.T) {
		s.Update(func(ctx context.Context, tx store.Tx) error {
			return tx.Configurations().Put(ctx, sandbox.Configuration{ID: first.ID, ClientID: s.Acme.ID, Text: []byte("mistake:"), CreatedAt: s.World.Now()})
		})
		s.bank.Restart()
		require.NoError(t, s.keeper.Settle(t.Context()))
		both(second.ID)
	})
}

// A sandbox where nothing was moved or brought leaves the bank alone: it may
// have a clock of its own.
func TestSettle_asks_nothing_where_there_is_nothing_to_tell(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.bank.Stop()
	require.NoError(t, s.keeper.Settle(t.Context()))
}

func TestKeep_follows_by_itself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := open(t)
		_, err := s.moving().Move(t.Context(), s.As(s.Acme), advance(time.Hour))
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- s.another.Keep(ctx, time.Second) }()
		s.bank.Restart()
		time.Sleep(1500 * time.Millisecond)
		require.Equal(t, time.Hour, s.another.Clock.Offset())
		require.Equal(t, time.Hour, s.bank.Offset())
		stop()
		require.NoError(t, <-ended)
	})
}

// silence is a gateway that counts who got through.
type silence struct{ calls int }

func (s *silence) Begin(context.Context, provider.Begin) (provider.Step, error) {
	s.calls++
	return provider.Step{}, nil
}

func (s *silence) Continue(context.Context, provider.Continue) (provider.Step, error) {
	s.calls++
	return provider.Step{}, nil
}

func (s *silence) Refresh(context.Context, provider.Refresh) (provider.Ready, error) {
	s.calls++
	return provider.Ready{}, nil
}

func (s *silence) Fetch(context.Context, provider.Fetch, provider.Sink) error {
	s.calls++
	return nil
}

func (s *silence) End(context.Context, provider.End) error {
	s.calls++
	return nil
}

func TestGateway_tells_the_bank_before_it_is_asked(t *testing.T) {
	t.Parallel()
	s := open(t)
	served := func(id, plugin string) domain.Provider {
		return domain.Provider{ID: id, Channels: []domain.Channel{{ID: "way", Plugin: plugin}}}
	}
	s.Banks.Set(served("tb", sandbox.Plugin), served("testbank-x", sandbox.ThirdPartyPlugin), served("testbank-y", sandbox.WebSitePlugin), served(usecasetest.Bank, "oak"))
	made, next := s.upload(t), &silence{}
	g := rehearsing.Gateway{Gateway: next, Catalogue: s.Banks, Keeper: s.keeper}
	calls := map[string]func(provider.Session) error{
		"Begin": func(to provider.Session) error {
			_, err := g.Begin(t.Context(), provider.Begin{Session: to})
			return err
		},
		"Continue": func(to provider.Session) error {
			_, err := g.Continue(t.Context(), provider.Continue{Session: to})
			return err
		},
		"Refresh": func(to provider.Session) error {
			_, err := g.Refresh(t.Context(), provider.Refresh{Session: to})
			return err
		},
		"Fetch": func(to provider.Session) error { return g.Fetch(t.Context(), provider.Fetch{Session: to}, nil) },
	}
	for name, call := range calls {
		for _, id := range []string{"tb", "testbank-x", "testbank-y"} {
			s.bank.Restart()
			require.NoError(t, call(provider.Session{ProviderID: id, ChannelID: "way"}), name)
			served, err := s.bank.Configurations(t.Context())
			require.NoError(t, err)
			require.Equal(t, []ident.Configuration{made.ID}, served, name)
		}
	}
	require.Equal(t, 3*len(calls), next.calls)
	s.bank.Stop()
	for name, call := range calls {
		require.Equal(t, provider.ProviderUnavailable, provider.FailureOf(call(provider.Session{ProviderID: "tb", ChannelID: "way"})).Code, name)
	}
	require.Equal(t, 3*len(calls), next.calls, "nobody got through")
	for name, call := range calls {
		require.NoError(t, call(provider.Session{ProviderID: usecasetest.Bank, ChannelID: "way"}), name)
	}
}
