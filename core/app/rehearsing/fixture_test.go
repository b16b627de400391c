package rehearsing_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/app/rehearsing"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/fetcher/fetchertest"
	"github.com/tributary-dev/tributary/ports/testbank/testbanktest"
	"github.com/tributary-dev/tributary/ports/usecase"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
)

// scene is a world with a test bank and two server processes before it.
type scene struct {
	*usecasetest.World
	bank    *testbanktest.Fake
	web     *fetchertest.Fake
	keeper  *rehearsing.Keeper
	another *rehearsing.Keeper
}

func open(t *testing.T) scene {
	t.Helper()
	s := scene{World: usecasetest.New(t), bank: testbanktest.NewFake(), web: fetchertest.NewFake()}
	s.keeper, s.another = s.process(), s.process()
	return s
}

func (s scene) process() *rehearsing.Keeper {
	return &rehearsing.Keeper{Store: s.Store, Bank: s.bank, Clock: &rehearsing.Clock{Real: s.World.Now}, Log: slog.New(slog.DiscardHandler)}
}

func (s scene) configurations() rehearsing.Configurations {
	return rehearsing.Configurations{
		Store: s.Store, Bank: s.bank, Fetcher: s.web, Now: s.keeper.Clock.Now, IDs: s.IDs, Log: slog.New(slog.DiscardHandler),
	}
}

func (s scene) moving() rehearsing.Moving { return rehearsing.Moving{Store: s.Store, Keeper: s.keeper} }

func (s scene) scenarios() rehearsing.Scenarios {
	return rehearsing.Scenarios{Store: s.Store, Keeper: s.keeper}
}

// upload gives Acme a configuration.
func (s scene) upload(t *testing.T) sandbox.Configuration {
	t.Helper()
	made, err := s.configurations().Create(t.Context(), s.As(s.Acme), usecase.ConfigurationSource{Text: testbanktest.Text})
	require.NoError(t, err)
	return made
}
