package setting_test

import (
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/setting"
)

var update = flag.Bool("update", false, "write golden files anew")

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "t.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestLoad_precedence(t *testing.T) {
	t.Parallel()
	values, err := setting.Load(setting.Sources{})
	require.NoError(t, err)
	require.Equal(t, "data", values.Data)
	require.Equal(t, setting.Production, values.Environment, "nobody gets a sandbox by forgetting a word")
	require.Equal(t, 20*time.Second, values.DrainLimit)

	in := setting.Sources{
		Flags:       map[string]string{"data": "flag"},
		Environment: []string{"PATH=/bin", "TRIBUTARY_DATA=variable", "TRIBUTARY_LISTEN=[::1]:1"},
		File: file(t, "data: file\nlisten: 127.0.0.1:2\nlog_level: warn\nbehind_proxy: [10.0.0.0/8, \"fd00::/8\"]\n"+
			"plugin_settings:\n  one:\n    base_url: http://x\n    number: 12\n"),
	}
	values, err = setting.Load(in)
	require.NoError(t, err)
	require.Equal(t, "flag", values.Data)
	require.Equal(t, "[::1]:1", values.Listen)
	require.Equal(t, "warn", values.LogLevel)
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}, values.BehindProxy)
	require.Equal(t, map[string]map[string]string{"one": {"base_url": "http://x", "number": "12"}}, values.PluginSettings)

	in.File, in.Environment = "", append(in.Environment, "TRIBUTARY_CONFIG="+in.File)
	again, err := setting.Load(in)
	require.NoError(t, err)
	require.Equal(t, values, again, "the variable names the file too")
}

func TestLoad_drain_limit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"0s": 0, "90s": 90 * time.Second, "1h": time.Hour} {
		values, err := setting.Load(setting.Sources{Flags: map[string]string{"drain_limit": text}})
		require.NoError(t, err)
		require.Equal(t, want, values.DrainLimit)
	}
	for _, text := range []string{"", "20", "-1s", "61m", "soon"} {
		_, err := setting.Load(setting.Sources{Environment: []string{"TRIBUTARY_DRAIN_LIMIT=" + text}})
		require.ErrorContains(t, err, "TRIBUTARY_DRAIN_LIMIT: wants a time of at most an hour, such as 20s", text)
	}
}

// Everything wrong is named at once, with its place, whether it counts or not.
func TestLoad_names_all_mistakes(t *testing.T) {
	t.Parallel()
	path := file(t, `# ours
data: /var/lib/x
lisen: Canary-77:80
log_level: Canary-77
listen: Canary-77
data: again
behind_proxy:
  - 10.0.0.1/8
tls_cert_file: {a: b}
plugins_together: [psd2, Canary 77]
plugin_settings:
  one:
    list: {deep: Canary-77}
  two: Canary-77
`)
	_, err := setting.Load(setting.Sources{
		Flags:       map[string]string{"log_level": "Canary-77", "environment": "staging"},
		Environment: []string{"TRIBUTARY_LISEN=x", "TRIBUTARY_ZZZZZZ=x", "TRIBUTARY_PUBLIC_URL=Canary-77", "TRIBUTARY_LOG_LEVEL=loud", "TRIBUTARY_PLUGIN_SETTINGS=x"},
		File:        path,
	})
	require.NotContains(t, err.Error(), "Canary-77")
	require.Equal(t, strings.ReplaceAll(`16 settings are wrong; nothing was started:
  TRIBUTARY_LISEN: there is no such variable; did you mean TRIBUTARY_LISTEN?
  TRIBUTARY_PLUGIN_SETTINGS: there is no such variable
  TRIBUTARY_ZZZZZZ: there is no such variable
  FILE:3: lisen: there is no such setting; did you mean listen?
  FILE:6: data: stands here a second time
  FILE:9: tls_cert_file: wants a path
  FILE:13: plugin_settings: wants settings by plugin and name, all of them texts
  FILE:14: wants lines of the form key: value
  --environment: wants sandbox or production
  --log-level: wants debug, info, warn or error
  TRIBUTARY_PUBLIC_URL: wants a URL such as https://bank-data.example.com
  TRIBUTARY_LOG_LEVEL: wants debug, info, warn or error
  FILE:5: listen: wants host:port
  FILE:7: behind_proxy: wants networks such as 10.0.0.0/8, separated by commas
  FILE:10: plugins_together: wants names of plugins such as psd2,scraper, separated by commas
  FILE:4: log_level: wants debug, info, warn or error`, "FILE", path), err.Error())
}

func TestLoad_refuses_files(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, says string }{
		"no YAML":           {"data: x\nlisten: [1\n", `t.yaml:2: this is not YAML`},
		"a list":            {"- data\n", "t.yaml:1: wants lines of the form key: value"},
		"two documents":     {"data: x\n---\ndata: y\n", "holds more than one document"},
		"too large":         {"# " + strings.Repeat("x", 1<<20) + "\n", "--config: the file cannot be read: it is larger than 1 MiB"},
		"a name of control": {"\"a\\u001b[31m\": 1\n", "t.yaml:1: a?[31m: there is no such setting"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := setting.Load(setting.Sources{File: file(t, c.text)})
			require.ErrorContains(t, err, "a setting is wrong; nothing was started:")
			require.ErrorContains(t, err, c.says)
		})
	}
	_, err := setting.Load(setting.Sources{File: "/none/such.yaml"})
	require.EqualError(t, err, "a setting is wrong; nothing was started:\n  --config: the file cannot be read: no such file or directory")
	for _, empty := range []string{"", "# nothing\n", "---\n"} {
		_, err := setting.Load(setting.Sources{File: file(t, empty)})
		require.NoError(t, err)
	}
}

func TestReference_is_current(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("..", "..", "..", "docs", "reference", "configuration.md")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(setting.Reference()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), setting.Reference(), "run the tests of this package with -update")
	example := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindStringSubmatch(string(want))
	require.NotNil(t, example)
	_, err = setting.Load(setting.Sources{File: file(t, example[1])})
	require.NoError(t, err, "the example is a good file")
}
