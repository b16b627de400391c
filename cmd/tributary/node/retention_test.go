package node

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

func TestRetention(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		environment, given string
		want               time.Duration
	}{
		"production by itself": {setting.Production, "", 400 * day},
		"a sandbox by itself":  {setting.Sandbox, "", 0},
		"production, off":      {setting.Production, "off", 0},
		"production, given":    {setting.Production, "7", 7 * day},
		"a sandbox, given":     {setting.Sandbox, "3650", 3650 * day},
	} {
		flags := map[string]string{"environment": c.environment}
		if c.given != "" {
			flags["event_retention"] = c.given
		}
		values, err := setting.Load(setting.Sources{Flags: flags})
		require.NoError(t, err)
		require.Equal(t, c.want, FromValues(values).retention(), name)
	}
	for _, wrong := range []string{"", "0", "6", "-1", "3651", "400d", "OFF", "1.5"} {
		_, err := setting.Load(setting.Sources{Flags: map[string]string{"event_retention": wrong}})
		require.ErrorContains(t, err, "--event-retention: wants off, or a number of days", wrong)
	}
}
