package sdk_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestParseMaintenance(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]sdk.Maintenance{
		"": nil, " ; ": nil,
		"23:30-05:00": {{From: "23:30", To: "05:00"}},
		"sat,sun 02:00-06:00 Europe/Paris; 00:00-00:15": {
			{Days: []time.Weekday{time.Saturday, time.Sunday}, From: "02:00", To: "06:00", Zone: "Europe/Paris"}, {From: "00:00", To: "00:15"},
		},
	} {
		got, err := sdk.ParseMaintenance(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"always", "2:00-3:00", "sat 02:00", "sam 02:00-03:00", "02:00-03:00 Paris today", "02:00 - 03:00"} {
		_, err := sdk.ParseMaintenance(text)
		require.Error(t, err, text)
	}
}
