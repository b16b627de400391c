package form_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/form"
	"github.com/tributary-dev/tributary/core/secret"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	fields := []form.Field{
		{Name: "login", Type: form.Text, Required: true, Regex: `[0-9]{8}`},
		{Name: "born", Type: form.Date},
		{Name: "pin", Type: form.Number},
		{Name: "pad", Type: form.Keypad},
		{Name: "region", Type: form.List, Values: []form.Choice{{Value: "north"}, {Value: "south"}}},
	}
	for name, c := range map[string]struct {
		values map[string]string
		wrong  []string
	}{
		"all good":        {map[string]string{"login": "12345678", "born": "1990-02-28", "pin": "0042", "region": "north"}, nil},
		"only required":   {map[string]string{"login": "12345678"}, nil},
		"missing":         {map[string]string{}, []string{"c.login"}},
		"partial match":   {map[string]string{"login": "x12345678y"}, []string{"c.login"}},
		"no such day":     {map[string]string{"login": "12345678", "born": "1990-02-30"}, []string{"c.born"}},
		"no number":       {map[string]string{"login": "12345678", "pin": "-1"}, []string{"c.pin"}},
		"on keys":         {map[string]string{"login": "12345678", "pad": "0046"}, nil},
		"not on keys":     {map[string]string{"login": "12345678", "pad": "12a"}, []string{"c.pad"}},
		"not offered":     {map[string]string{"login": "12345678", "region": "east"}, []string{"c.region"}},
		"unknown field":   {map[string]string{"login": "12345678", "s3cret-name": "x"}, []string{"c"}},
		"much too long":   {map[string]string{"login": strings.Repeat("1", form.MaxValue+1)}, []string{"c.login"}},
		"several at once": {map[string]string{"pin": "x"}, []string{"c.login", "c.pin"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			values := secret.Values{}
			for key, value := range c.values {
				values[key] = secret.New(value)
			}
			var at []string
			for _, detail := range form.Check(fields, values, "c") {
				at = append(at, detail.Location)
				require.NotContains(t, detail.Message, "s3cret")
			}
			require.Equal(t, c.wrong, at)
		})
	}
}
