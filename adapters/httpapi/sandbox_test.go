package httpapi

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/sandbox"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/usecase"
)

const cfg = "cfg_00000000000000000000000010"

func sandboxExamples() []example {
	read, manage := []client.Scope{client.ConnectionsRead}, []client.Scope{client.ConnectionsManage}
	return []example{
		{"create-testbank-configuration", "POST", configurationPath, `{"url":"https://files.example.com/bank.yaml"}`, 201, manage, nil, true},
		{"list-testbank-configurations", "GET", configurationPath + "?limit=3", "", 200, read, nil, true},
		{"get-testbank-configuration", "GET", configurationPath + "/" + cfg, "", 200, read, nil, true},
		{"delete-testbank-configuration", "DELETE", configurationPath + "/" + cfg, "", 204, manage, nil, true},
		{"get-clock", "GET", "/v1/sandbox/clock", "", 200, nil, nil, false},
		{"move-clock", "POST", "/v1/sandbox/clock", `{"advance":"24h"}`, 200, manage, nil, true},
		{"forgive-persona", "POST", "/v1/sandbox/forgive", `{"login":"ann","configuration_id":"` + cfg + `"}`, 204, manage, nil, true},
		{"switch-testbank", "POST", "/v1/sandbox/outage", `{"down":true,"configuration_id":"` + cfg + `"}`, 204, manage, nil, true},
	}
}

func sampleConfiguration() sandbox.Configuration {
	return sandbox.Configuration{ID: cfg, ClientID: sampleClient, Bank: "Guest Bank", Text: []byte("personas: []\n"), CreatedAt: noon}
}

type fakeConfigurations struct{ *world }

func (f fakeConfigurations) Create(_ context.Context, p usecase.Principal, source usecase.ConfigurationSource) (sandbox.Configuration, error) {
	return sampleConfiguration(), f.note(p, "source", source)
}

func (f fakeConfigurations) Get(_ context.Context, p usecase.Principal, id string) (sandbox.Configuration, error) {
	return sampleConfiguration(), f.note(p, "configuration", id)
}

func (f fakeConfigurations) List(_ context.Context, p usecase.Principal, page store.Page) (store.Slice[sandbox.Configuration], error) {
	return store.Slice[sandbox.Configuration]{Items: []sandbox.Configuration{sampleConfiguration()}, Next: f.more}, f.note(p, "configurations", page)
}

func (f fakeConfigurations) Delete(_ context.Context, p usecase.Principal, id string) error {
	return f.note(p, "delete", id)
}

type fakeClock struct{ *world }

func (f fakeClock) Read(context.Context) (usecase.Time, error) {
	return usecase.Time{Now: noon, Offset: -time.Hour}, f.note(usecase.Principal{}, "clock", nil)
}

func (f fakeClock) Move(_ context.Context, p usecase.Principal, m sandbox.Movement) (usecase.Time, error) {
	return usecase.Time{Now: noon, Offset: 24 * time.Hour}, f.note(p, "movement", m)
}

type fakeScenarios struct{ *world }

func (f fakeScenarios) Forgive(_ context.Context, p usecase.Principal, configuration, login string) error {
	return f.note(p, "forgiven", [2]string{configuration, login})
}

func (f fakeScenarios) SetDown(_ context.Context, p usecase.Principal, configuration string, down bool) error {
	return f.note(p, "down", [2]any{configuration, down})
}

func TestConfiguration_is_given_as_a_text_in_two_ways(t *testing.T) {
	t.Parallel()
	text := "personas:\n  - {login: \"ann\"}\t# é\n"
	for kind, body := range map[string]string{
		"application/yaml": text, "text/plain; charset=utf-8": text, "text/yaml": text,
		"application/json": `{"text":"personas:\n  - {login: \"ann\"}\t# é\n"}`,
	} {
		g := newRig()
		r := request("POST", configurationPath, clientToken, body)
		r.Header.Set("Content-Type", kind)
		w := g.do(r)
		require.Equal(t, http.StatusCreated, w.Code, w.Body)
		require.Equal(t, configurationPath+"/"+cfg, w.Header().Get("Location"))
		require.NotContains(t, w.Body.String(), "personas")
		require.Equal(t, usecase.ConfigurationSource{Text: text}, g.seen["source"], kind)
	}
}

func TestConfiguration_as_a_text_has_bounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		path, body string
		status     int
		code       string
	}{
		"as long as it may be":  {configurationPath, strings.Repeat("\"", sandbox.MaxText), 201, ""},
		"marks and all":         {configurationPath, strings.Repeat("<", sandbox.MaxText), 201, ""},
		"longer":                {configurationPath, strings.Repeat("a", sandbox.MaxText+1), 413, "configuration_too_large"},
		"no text":               {configurationPath, "a: \xff", 400, "malformed_body"},
		"no document elsewhere": {"/v1/queues", "a: 1", 415, "unsupported_media_type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig()
			r := request("POST", c.path, clientToken, c.body)
			r.Header.Set("Content-Type", "application/yaml")
			w := g.do(r)
			if c.code == "" {
				require.Equal(t, c.status, w.Code, w.Body)
				return
			}
			refused(t, w, c.status, c.code)
			require.Empty(t, g.seen)
		})
	}
}

func TestClock_is_moved_by_words(t *testing.T) {
	t.Parallel()
	hours, mixed, morning := 24*time.Hour, -(time.Hour + 30*time.Minute + 5*time.Second), time.Date(2026, 3, 14, 8, 0, 0, 0, time.UTC)
	for body, want := range map[string]sandbox.Movement{
		`{"advance":"24h"}`: {Advance: &hours}, `{"advance":"-1h30m5s"}`: {Advance: &mixed}, `{"now":"2026-03-14T08:00:00Z"}`: {Now: &morning}, `{}`: {},
	} {
		g := newRig()
		w := g.call("POST", "/v1/sandbox/clock", clientToken, body)
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		require.Equal(t, want, g.seen["movement"], body)
		require.JSONEq(t, `{"now":"2026-03-02T12:00:00.123456Z","offset_seconds":86400}`, w.Body.String())
	}
	for body, code := range map[string]string{
		`{"advance":""}`: "invalid_movement", `{"advance":"-"}`: "invalid_movement", `{"advance":"1d"}`: "invalid_request", `{"advance":"1.5h"}`: "invalid_request",
		`{"advance":"PT1H"}`: "invalid_request", `{"advance":24}`: "invalid_request", `{"now":"tomorrow"}`: "invalid_request", `{"advance":"9999999h"}`: "invalid_movement",
	} {
		g := newRig()
		p := refused(t, g.call("POST", "/v1/sandbox/clock", clientToken, body), http.StatusUnprocessableEntity, code)
		require.Empty(t, g.seen)
		require.NotEmpty(t, p.Errors)
	}
}

func TestSandboxCalls_do_not_exist_in_production(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, e := range examples() {
		if !strings.HasPrefix(e.target, "/v1/sandbox/") {
			continue
		}
		tried++
		for _, token := range []string{clientToken, userToken, ""} {
			g := newRig(func(c *Config) { c.Environment = production })
			refused(t, g.call(e.method, e.target, token, e.body), http.StatusNotFound, "route_not_found")
			require.Empty(t, g.seen)
			require.NotEqual(t, http.StatusNotFound, newRig(func(c *Config) { c.Environment = "sandbox" }).call(e.method, e.target, token, e.body).Code)
		}
	}
	require.Equal(t, 8, tried)
	for _, path := range []string{"/openapi.yaml", "/openapi-3.0.yaml"} {
		described := newRig(func(c *Config) { c.Environment = production }).call("GET", path, "", "").Body.String()
		require.Contains(t, described, "/v1/users")
		require.NotContains(t, described, "/v1/sandbox")
	}
}

func TestSandboxCalls_are_marked(t *testing.T) {
	t.Parallel()
	for path, item := range newContract(t).doc.Paths.Map() {
		for _, op := range item.Operations() {
			require.Equal(t, strings.HasPrefix(path, "/v1/sandbox/"), op.Extensions["x-sandbox-only"] == true, path)
		}
	}
}
