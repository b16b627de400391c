package provider_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the names are looked up also where the machine knows none

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/provider"
)

func TestZoneName(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Europe/Paris", provider.ZoneName("", "FR"))
	require.Equal(t, "Atlantic/Azores", provider.ZoneName("Atlantic/Azores", "PT"), "its own comes first")
	require.Equal(t, "UTC", provider.ZoneName("", "US"), "a country with several has none")
	for first := 'A'; first <= 'Z'; first++ {
		for second := 'A'; second <= 'Z'; second++ {
			country := string([]rune{first, second})
			_, err := time.LoadLocation(provider.ZoneName("", country))
			require.NoError(t, err, country)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 10, 23, 30, 0, 0, time.UTC)
	require.Equal(t, bank.Day("2026-03-10"), provider.Provider{}.Day(at), "UTC, where nobody knows")
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	require.Equal(t, bank.Day("2026-03-11"), provider.Provider{Zone: paris}.Day(at))
}
