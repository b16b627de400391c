package serve

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	s := settingsFrom([]string{"PATH=/bin", "TRIBUTARY_SETTING_BASE_URL=http://a?b=c", "TRIBUTARY_SETTING_EMPTY="})
	require.Equal(t, "http://a?b=c", s.Get("base_url"))
	require.Equal(t, "http://a?b=c", s.Get("BASE_URL"))
	require.Empty(t, s.Get("path"))
	value, err := s.Required("base_url")
	require.NoError(t, err)
	require.Equal(t, "http://a?b=c", value)
	_, err = s.Required("Empty")
	require.EqualError(t, err, `the setting "empty" is missing`)
	require.Equal(t, "1", SettingsOf(map[string]string{"A": "1"}).Get("a"))
	for value, good := range map[string]bool{"": true, "/etc/banks": true, "banks": false, "./banks": false, "../banks": false} {
		path, err := SettingsOf(map[string]string{"folder": value}).Path("Folder")
		if !good {
			require.EqualError(t, err, `the setting "folder" must be a whole path, beginning with /`)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, value, path)
	}
}

func TestHooksRunOnceInReverseAndNotForLong(t *testing.T) {
	t.Parallel()
	var e exits
	var order []int
	for i := range 3 {
		e.add(func() {
			order = append(order, i)
			if i == 1 {
				panic("one hook must not keep the others")
			}
		})
	}
	e.run()
	e.run()
	require.Equal(t, []int{2, 1, 0}, order)

	var slow exits
	slow.add(func() { select {} })
	began := time.Now()
	slow.run()
	require.Less(t, time.Since(began), 30*time.Second)
}

type described struct{ scripted }

func (described) Describe(context.Context) (sdk.Description, error) {
	return sdk.Description{Plugin: "bank", Version: "1.0.0", Providers: []sdk.ProviderInfo{{
		ID: "bank", Name: "Bank", Country: "FR", Channels: []sdk.ChannelDefinition{
			{ID: "bank-embedded", Type: sdk.Embedded, AccountTypes: []sdk.AccountType{sdk.Loan}},
		},
	}}}, nil
}

func TestByHand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		provider  sdk.Provider
		args      []string
		code      int
		out, note string
	}{
		"no arguments":    {described{}, []string{"./bank"}, 2, "", "bank is a provider plugin of Tributary"},
		"describe":        {described{}, []string{"./bank", "--describe"}, 0, `"Plugin": "bank"`, ""},
		"bad description": {scripted{}, []string{"./bank", "--describe"}, 1, "", "cannot describe: plugin: wants"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			require.NoError(t, err)
			var notes bytes.Buffer
			code := run(func(Settings) (sdk.Provider, error) { return c.provider, nil }, c.args, nil, w, &notes)
			require.NoError(t, w.Close())
			out, err := io.ReadAll(r)
			require.NoError(t, err)
			require.Equal(t, c.code, code)
			require.Contains(t, string(out), c.out)
			require.Contains(t, notes.String(), c.note)
		})
	}
}

func TestOnlyTheHandshakeIsOne(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]bool{
		"1|1|unix|/tmp/plugin1|grpc|":          true,
		"1|1|unix|/tmp/plugin1|grpc|MIIB+/=":   true,
		"1|1|tcp|127.0.0.1:1234|grpc|abc|true": true,
		"1|1|unix|/tmp/plugin1|netrpc|":        false,
		"hello":                                false,
		"hello 1|1|unix|/tmp/plugin1|grpc|":    false,
		"":                                     false,
	} {
		require.Equal(t, want, handshake.MatchString(line), line)
	}
}
