package browser

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod"
	"github.com/stretchr/testify/require"
)

// evaluator is Google's csp_evaluator, as npm has it.
var evaluator = sync.OnceValues(func() (string, error) { return installed("csp") })

// finding is what it finds in a policy.
type finding struct{ Policy, Severity, Directive, Value, Description string }

func judged(t *testing.T, policies ...string) (found []finding) {
	t.Helper()
	folder, err := evaluator()
	require.NoError(t, err)
	text, err := json.Marshal(policies)
	require.NoError(t, err)
	command := exec.Command("node", "evaluate.js")
	command.Dir, command.Stdin = folder, bytes.NewReader(text)
	out, err := command.Output()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(out, &found))
	return found
}

// sound holds policies to what is high for the evaluator, and to what else is wrong
// with one that is not about where the tests happen to run.
func sound(t *testing.T, policies []string) {
	t.Helper()
	for _, f := range judged(t, policies...) {
		require.NotContains(t, []string{"HIGH", "SYNTAX", "HIGH_MAYBE"}, f.Severity, "%+v", f)
		if f.Severity == "MEDIUM" {
			require.Regexp(t, `^http://(127\.0\.0\.1|localhost):`, f.Value, "%+v", f)
		}
	}
	for _, policy := range policies {
		for _, wanted := range []string{"default-src 'none'", "object-src 'none'", "base-uri 'none'", "script-src 'self';", "require-trusted-types-for 'script'", "form-action 'self'", "frame-ancestors "} {
			require.Contains(t, policy, wanted)
		}
		require.NotContains(t, policy, "unsafe")
	}
}

// testPolicies: what a browser may never show too: redirects and refusals, in each
// mode, on every way in. The pages themselves are seen on the tour.
func testPolicies(t *testing.T, s *sandbox, _ *rod.Browser) {
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	policies := map[string]string{}
	look := func(address string) {
		response, err := client.Get(address)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		policies[strings.TrimPrefix(address, s.base)] = response.Header.Get("Content-Security-Policy")
	}
	for _, mode := range []string{"page", "popup", "iframe"} {
		wanted := form()
		wanted["mode"], wanted["redirect_url"] = mode, s.redirects
		made := s.order(t, wanted)
		look(made.Links.AddConnection)
		look(made.Links.AddConnection) // spent
		look(s.base + "/widget/" + made.ID)
		look(s.base + "/widget/" + made.ID + "/banks")
		look(s.base + "/widget/" + made.ID + "/pulse")
	}
	look(s.base + "/widget/nothing")
	sound(t, slices.Collect(maps.Values(policies)))
	look(s.base + "/connect/return?state=none") // which has nothing to load
	require.Contains(t, policies["/connect/return?state=none"], "default-src 'none'")
}

// testEvaluatorFindsWhatIsWrong: as with axe.
func testEvaluatorFindsWhatIsWrong(t *testing.T, _ *sandbox, _ *rod.Browser) {
	found := judged(t, "script-src 'unsafe-inline'", "default-src 'none'")
	require.Equal(t, "HIGH", found[0].Severity)
	require.Contains(t, found[0].Description, "unsafe-inline")
	for _, f := range found {
		require.Equal(t, "script-src 'unsafe-inline'", f.Policy)
	}
}
