package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

// TestSettings_are_described: they are what an operator tells the plugin.
func TestSettings_are_described(t *testing.T) {
	t.Parallel()
	p, err := fromSettings(serve.SettingsOf(map[string]string{
		"base_url": "http://127.0.0.1:8765", "maintenance": "sat,sun 23:30-05:00 Europe/Paris; 12:00-12:30", "zone": "Europe/Lisbon",
	}))
	require.NoError(t, err)
	told, err := p.Describe(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Europe/Lisbon", told.Providers[0].Zone)
	require.Equal(t, []sdk.Maintenance{
		{Days: []time.Weekday{time.Saturday, time.Sunday}, From: "23:30", To: "05:00", Zone: "Europe/Paris"}, {From: "12:00", To: "12:30"},
	}, told.Providers[0].Maintenance)
	for name, wrong := range map[string]map[string]string{
		"base_url": {}, "maintenance": {"base_url": "http://127.0.0.1:8765", "maintenance": "at night"},
	} {
		_, err := fromSettings(serve.SettingsOf(wrong))
		require.ErrorContains(t, err, name)
	}
}
