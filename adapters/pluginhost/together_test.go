package pluginhost_test

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/pluginhost"
	"github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	port "github.com/tributary-dev/tributary/ports/provider"
)

// The two ways to reach one bank, each served by a plugin of its own. The names of
// the plugins are such that the folder's order is not the operator's.
const (
	oak = "oak"
	web = "oak-web"
	api = "oak-api"
)

func installBoth(t *testing.T, dir string) {
	t.Helper()
	install(t, dir, "a-site", map[string]string{"name": "a-site", "provider": oak, "channel": web, "called": "Oak, as the site's plugin has it", "zone": "Asia/Tokyo"})
	install(t, dir, "direct", map[string]string{"name": "direct", "provider": oak, "channel": api, "type": "REDIRECT", "called": "Oak"})
}

func together(names ...string) func(*pluginhost.Options) {
	return func(o *pluginhost.Options) { o.Together = names }
}

// reaches is the process that holds a live session of a channel. The session's id
// is the same for both channels: it is the channel that counts.
func reaches(t *testing.T, h *pluginhost.Host, channel string) (pid int, err error) {
	t.Helper()
	session := port.Session{ID: "one", ProviderID: oak, ChannelID: channel}
	asked, err := h.Begin(limited(t), port.Begin{
		Session: session, PSU: &synchronization.PSU{IP: "192.0.2.1"},
		Credentials: secret.Values{"login": secret.New("held"), "password": secret.New("right")},
	})
	if err != nil {
		return 0, err
	}
	other := session
	if other.ChannelID = web; channel == web {
		other.ChannelID = api
	}
	if step, err := h.Continue(limited(t), port.Continue{Session: other, Challenge: "1", State: asked.Challenge.State}); err == nil {
		require.NotEqual(t, strconv.Itoa(statusOf(t, h, pluginOf(t, h, channel)).Pid), string(step.Ready.State.Data.Reveal()), "a session went to who does not hold it")
	}
	step, err := h.Continue(limited(t), port.Continue{Session: session, Challenge: "1", State: asked.Challenge.State})
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(string(step.Ready.State.Data.Reveal()))
}

func theOak(t *testing.T, h *pluginhost.Host) provider.Provider {
	t.Helper()
	found, err := h.Provider(t.Context(), oak)
	require.NoError(t, err)
	return found
}

func pluginOf(t *testing.T, h *pluginhost.Host, channel string) string {
	t.Helper()
	c, err := theOak(t, h).Channel(channel)
	require.NoError(t, err)
	return c.Plugin
}

// health is that of the provider and of its channels, in their order.
func health(p provider.Provider) []provider.Health {
	all := []provider.Health{p.Health()}
	for _, c := range p.Channels {
		all = append(all, c.Health)
	}
	return all
}

func TestTwoPluginsServeOneProviderTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	installBoth(t, dir)
	h := open(t, dir, pluginhost.Hasty, together("direct", "a-site"))
	require.Empty(t, h.Problems())
	all, err := h.Providers(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, "Oak", all[0].Name, "the first that the operator named speaks for it")
	require.Equal(t, "Europe/Paris", all[0].Zone.String())
	require.Equal(t, []string{"direct", "a-site"}, all[0].Plugins())
	require.Equal(t, []provider.Health{provider.Up, provider.Up, provider.Up}, health(all[0]))
	for channel, plugin := range map[string]string{api: "direct", web: "a-site"} {
		pid, err := reaches(t, h, channel)
		require.NoError(t, err)
		require.Equal(t, statusOf(t, h, plugin).Pid, pid)
	}
	_, err = reaches(t, h, "oak-embedded")
	requireCode(t, err, port.NotSupported)
}

func TestAPluginThatIsGivenUpTakesItsChannelAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	installBoth(t, dir)
	h := open(t, dir, pluginhost.Hasty, together("direct", "a-site"))
	path := filepath.Join(dir, "a-site")
	place(t, path, append(program[:len(program):len(program)], 'x'))
	require.NoError(t, syscall.Kill(statusOf(t, h, "a-site").Pid, syscall.SIGKILL))
	eventually(t, func() bool { return statusOf(t, h, "a-site").Phase == pluginhost.GivenUp })
	require.Equal(t, []provider.Health{provider.Up, provider.Up, provider.Down}, health(theOak(t, h)))
	_, err := reaches(t, h, web)
	requireCode(t, err, port.Technical)
	_, err = reaches(t, h, api)
	require.NoError(t, err)

	place(t, path, program)
	require.NoError(t, h.Retry("a-site"))
	_, err = reaches(t, h, web)
	require.NoError(t, err)
	require.Equal(t, []provider.Health{provider.Up, provider.Up, provider.Up}, health(theOak(t, h)))
}

func TestAPluginThatIsRemovedTakesItsChannelAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	installBoth(t, dir)
	h := open(t, dir, together("direct", "a-site"))
	remove := func(name string) {
		require.NoError(t, os.Remove(filepath.Join(dir, name)))
		require.NoError(t, os.Remove(filepath.Join(dir, name+".json")))
		require.NoError(t, h.Reload(limited(t)))
	}
	remove("direct")
	left := theOak(t, h)
	require.Equal(t, []string{"a-site"}, left.Plugins())
	require.Equal(t, "Oak, as the site's plugin has it", left.Name, "nobody else is there to say")
	_, err := reaches(t, h, api)
	requireCode(t, err, port.NotSupported)
	_, err = reaches(t, h, web)
	require.NoError(t, err)
	installBoth(t, dir)
	require.NoError(t, h.Reload(limited(t)))
	require.Equal(t, "Oak", theOak(t, h).Name)
	require.Equal(t, []string{"direct", "a-site"}, theOak(t, h).Plugins())
	remove("direct")
	remove("a-site")
	_, err = h.Provider(t.Context(), oak)
	require.ErrorIs(t, err, provider.ErrNotFound)
	_, err = reaches(t, h, web)
	requireCode(t, err, port.ProviderUnavailable)
}

// TestAPluginThatClaimsWhatIsAnothersIsNotServed plays plugins that would like to
// be somebody else, at the start and when they come later.
func TestAPluginThatClaimsWhatIsAnothersIsNotServed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		claims map[string]string
		may    []string
		want   pluginhost.Clash
	}{
		"a provider":                  {map[string]string{"provider": oak, "channel": "mine"}, []string{"direct", "a-site"}, pluginhost.Clash{Provider: oak, Plugin: "direct"}},
		"a provider, nobody may":      {map[string]string{"provider": oak, "channel": "mine"}, nil, pluginhost.Clash{Provider: oak, Plugin: "direct"}},
		"a channel":                   {map[string]string{"provider": oak, "channel": api}, []string{"direct", "thief"}, pluginhost.Clash{Provider: oak, Channel: api, Plugin: "direct"}},
		"a channel by another name":   {map[string]string{"provider": oak, "channel": "mine", "type": "REDIRECT"}, []string{"direct", "thief"}, pluginhost.Clash{Provider: oak, Channel: api, Plugin: "direct"}},
		"a channel at its own bank":   {map[string]string{"provider": "elm", "channel": api}, []string{"direct", "thief"}, pluginhost.Clash{Provider: oak, Channel: api, Plugin: "direct"}},
		"a channel, and is not named": {map[string]string{"provider": "elm", "channel": api}, nil, pluginhost.Clash{Provider: oak, Channel: api, Plugin: "direct"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			install(t, dir, "direct", map[string]string{"name": "direct", "provider": oak, "channel": api, "type": "REDIRECT", "called": "Oak"})
			c.claims["name"], c.claims["called"] = "thief", "Oak"
			h := open(t, dir, together(c.may...))
			before := theOak(t, h)
			refused := func(h *pluginhost.Host) {
				t.Helper()
				require.Len(t, h.Problems(), 1)
				clash, ok := errors.AsType[pluginhost.Clash](h.Problems()[0].Reason)
				require.True(t, ok, "%v", h.Problems()[0].Reason)
				require.Equal(t, c.want, clash)
				all, err := h.Providers(t.Context())
				require.NoError(t, err)
				require.Equal(t, []provider.Provider{before}, all)
				pid, err := reaches(t, h, api)
				require.NoError(t, err)
				require.Equal(t, statusOf(t, h, "direct").Pid, pid)
			}
			install(t, dir, "thief", c.claims)
			require.NoError(t, h.Reload(limited(t)))
			refused(h)
			refused(open(t, dir, together(c.may...)))
		})
	}
}

// TestTheOperatorsOrderComesBeforeTheFolders: a plugin whose name comes first in
// the folder is not there before those that the operator named.
func TestTheOperatorsOrderComesBeforeTheFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	install(t, dir, "a-thief", map[string]string{"name": "a-thief", "provider": oak, "channel": api})
	installBoth(t, dir)
	h := open(t, dir, together("direct", "a-site"))
	require.Len(t, h.Problems(), 1)
	require.Equal(t, "a-thief", h.Problems()[0].Name)
	require.Equal(t, []string{"direct", "a-site"}, theOak(t, h).Plugins())
}
