package httpapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// longUser is the only user, with a name of so many letters.
type longUser struct {
	fakeUsers
	letters int
}

func (l longUser) Get(context.Context, usecase.Principal, string) (*user.User, error) {
	u := externalUser()
	u.ExternalID = strings.Repeat("x", l.letters)
	return u, nil
}

func (l longUser) Change(ctx context.Context, p usecase.Principal, id string, _ usecase.UserChange) (*user.User, error) {
	return l.Get(ctx, p, id)
}

// ofSize is an API whose user is told in so many bytes.
func ofSize(bytes int) *rig {
	with := func(letters int) *rig {
		return newRig(func(c *Config) { c.Users = longUser{fakeUsers{&world{}}, letters} })
	}
	return with(bytes + 1 - with(1).call("GET", "/v1/users/"+usr, clientToken, "").Body.Len())
}

func (g *rig) zipped(method, target, body string) *httptest.ResponseRecorder {
	return g.with(method, target, body, "Accept-Encoding", "gzip")
}

func unzipped(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
	reader, err := gzip.NewReader(bytes.NewReader(w.Body.Bytes()))
	require.NoError(t, err)
	text, err := io.ReadAll(reader)
	require.NoError(t, err)
	return string(text)
}

func TestCompressedAnswers(t *testing.T) {
	t.Parallel()
	g, target := ofSize(20_000), "/v1/users/"+usr
	plain, zip := g.call("GET", target, clientToken, ""), g.zipped("GET", target, "")
	require.Empty(t, plain.Header().Get("Content-Encoding"))
	require.Less(t, zip.Body.Len(), 1000)
	require.Equal(t, plain.Body.String(), unzipped(t, zip))
	require.Equal(t, zip.Body.String(), g.zipped("GET", target, "").Body.String(), "the tag is a strong one")
	for _, w := range []*httptest.ResponseRecorder{plain, zip} {
		require.ElementsMatch(t, []string{"Accept-Encoding", "Authorization"}, w.Header().Values("Vary"))
		require.Equal(t, "application/json", w.Header().Get("Content-Type"))
	}
	require.Equal(t, "gzip", newRig().zipped("GET", "/openapi.yaml", "").Header().Get("Content-Encoding"))
}

// A tag names the bytes that were sent, and 304 is for who has those.
func TestTagsOfCompressedAnswers(t *testing.T) {
	t.Parallel()
	target := "/v1/users/" + usr
	for size, suffix := range map[int]string{minCompressed - 1: "", minCompressed: zipSuffix, 100_000: zipSuffix} {
		g := ofSize(size)
		plain, zip := g.call("GET", target, clientToken, ""), g.zipped("GET", target, "")
		tag := plain.Header().Get("ETag")
		require.Equal(t, size, plain.Body.Len())
		require.Equal(t, suffix != "", zip.Header().Get("Content-Encoding") == "gzip", size)
		other := strings.TrimSuffix(tag, `"`) + suffix + `"`
		require.Equal(t, other, zip.Header().Get("ETag"))
		require.Equal(t, other, g.zipped("PATCH", target, `{"email":"a@example.org"}`).Header().Get("ETag"))
		for accepted, own := range map[string]string{"": tag, "gzip": other} {
			for named, status := range map[string]int{tag: 200, other: 200, "W/" + own: 304, own: 304} {
				r := request("GET", target, clientToken, "")
				r.Header.Set("Accept-Encoding", accepted)
				r.Header.Set("If-None-Match", named)
				w := g.do(r)
				require.Equal(t, status, w.Code, "%q %s", accepted, named)
				require.Equal(t, own, w.Header().Get("ETag"))
				require.Equal(t, status == 304, w.Body.Len() == 0)
			}
		}
		for _, named := range []string{tag, other} {
			require.Equal(t, 200, g.with("PATCH", target, `{"email":"a@example.org"}`, "If-Match", named).Code, "either names the state")
		}
	}
}

func TestTakesGzip(t *testing.T) {
	t.Parallel()
	for header, takes := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "x-gzip": true, "gzip, deflate, br": true, "br;q=1.0, gzip;q=0.8, *;q=0.1": true, "*": true,
		"identity": false, "gzip;q=0": false, "gzip;Q=0": false, "gzip; q=0.000": false, "*;q=0": false, "gzip;q=0.5, identity;q=0.6": false,
		"gzip;q=0.5, *": false, "gzip;q=0.5, identity;q=0.5": true, "identity;q=0.5, *;q=0.2": false, "identity;q=0, *": true, "deflate": false,
		"gzip;q=x": false, "gzip;q=NaN": false, "gzip;q=-1": false, "identity;q=0": false, "zstd": false, "gzipx": false, ";;;": false,
		strings.Repeat("br,", 20) + "gzip": false,
	} {
		require.Equal(t, takes, takesGzip([]string{header}), header)
		r := request("GET", "/v1/users/"+usr, clientToken, "")
		r.Header.Set("Accept-Encoding", header)
		require.Equal(t, takes, ofSize(5000).do(r).Header().Get("Content-Encoding") == "gzip", header)
	}
	require.False(t, takesGzip([]string{"gzip;q=0.5", "identity"}), "two lines are one list")
}

// What holds a token, what a browser shows, what refuses, and what is short goes
// out as it is, whatever is accepted.
func TestWhatIsNeverCompressed(t *testing.T) {
	t.Parallel()
	long := `{"access_token":"` + strings.Repeat("tra_", 5000) + `"}`
	tokens := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, long)
	})
	g := newRig(func(c *Config) { c.OAuth = tokens })
	g.fail = fault.New(fault.Conflict, "long", strings.Repeat("x", 5000))
	for name, w := range map[string]*httptest.ResponseRecorder{
		"tokens":          g.zipped("POST", "/oauth/token", ""),
		"metadata":        g.zipped("GET", "/.well-known/oauth-authorization-server", ""),
		"a page":          g.zipped("GET", "/connect/return", ""),
		"a script":        g.zipped("GET", "/connect/return.js", ""),
		"health":          g.zipped("GET", "/healthz", ""),
		"a refusal":       g.zipped("GET", "/v1/accounts", ""),
		"a short answer":  newRig().zipped("GET", "/v1/users/"+usr, ""),
		"no answer":       newRig().zipped("DELETE", "/v1/users/"+usr, ""),
		"an unknown call": newRig().zipped("GET", "/v1/nothing", ""),
	} {
		require.Empty(t, w.Header().Get("Content-Encoding"), name)
	}
}

func TestHeadersThatAnAnswerDependsOn(t *testing.T) {
	t.Parallel()
	for _, e := range examples() {
		said := map[string]string{}
		var vary string
		for _, locale := range []string{english, french} {
			r := request(e.method, strings.ReplaceAll(e.target, "locale=fr", ""), clientToken, e.body)
			r.Header.Set("Accept-Language", locale)
			r.Header.Set("X-Request-Id", "one")
			w := newRig().do(r)
			said[locale], vary = w.Body.String(), strings.Join(w.Header().Values("Vary"), ", ")
		}
		require.Contains(t, vary, "Authorization", e.id)
		require.Contains(t, vary, "Accept-Encoding", e.id)
		require.Equal(t, said[english] != said[french], strings.Contains(vary, "Accept-Language"), "%s: %s", e.id, vary)
	}
	require.Contains(t, newRig().call("GET", "/v1/users", "", "").Header().Values("Vary"), "Authorization", "so does a refusal")
	require.Equal(t, "Accept, Accept-Language", newRig().call("GET", "/connect/return", "", "").Header().Get("Vary"))
}
