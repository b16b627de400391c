package node

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

func TestRate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environment, given string
		want               httpapi.Rate
	}{
		"production by itself": {setting.Production, "", httpapi.Rate{PerSecond: 200, Burst: 400}},
		"a sandbox by itself":  {setting.Sandbox, "", httpapi.Rate{}},
		"production, off":      {setting.Production, "off", httpapi.Rate{}},
		"production, given":    {setting.Production, "5", httpapi.Rate{PerSecond: 5, Burst: 10}},
		"a sandbox, given":     {setting.Sandbox, "1000000", httpapi.Rate{PerSecond: 1e6, Burst: 2e6}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			flags := map[string]string{"environment": c.environment}
			if c.given != "" {
				flags["rate_limit"] = c.given
			}
			values, err := setting.Load(setting.Sources{Flags: flags})
			require.NoError(t, err)
			require.Equal(t, c.want, FromValues(values).rate())
		})
	}
	for _, wrong := range []string{"", "0", "-1", "1.5", "many", "1000001", "OFF", "10/s"} {
		_, err := setting.Load(setting.Sources{Flags: map[string]string{"rate_limit": wrong}})
		require.ErrorContains(t, err, "--rate-limit: wants off, or a number of calls a second", wrong)
	}
}
