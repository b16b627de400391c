package httpapi

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/secret"
)

func browser(method, target, language string) *http.Request {
	r := request(method, target, "", "")
	r.Header.Set("Accept", "text/html,*/*")
	r.Header.Set("Accept-Language", language)
	return r
}

func TestReturnGoesOnToTheApplication(t *testing.T) {
	t.Parallel()
	g := newRig()
	w := g.do(browser("GET", "/connect/return?state=onward&code="+canary+"&scope=a&scope=b", "en"))
	require.Equal(t, http.StatusSeeOther, w.Code)
	require.Equal(t, "https://app.example/back", w.Header().Get("Location"))
	require.Empty(t, w.Body.String())
	answers := g.seen["returned"].(secret.Values)
	require.Len(t, answers, 2, "the state is ours, not the bank's answer")
	require.Equal(t, canary, answers["code"].Reveal())
	require.Equal(t, "a", answers["scope"].Reveal())
	require.NotContains(t, g.logs.String(), canary)
}

func TestReturnWithoutAnApplicationSaysSo(t *testing.T) {
	t.Parallel()
	for language, words := range map[string]string{"en": "You can go back to the application.", "fr": "Vous pouvez retourner"} {
		w := newRig().do(browser("GET", "/connect/return?state=stay&code="+canary, language))
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
		require.Contains(t, w.Body.String(), words)
		require.Contains(t, w.Body.String(), `<html lang="`+language+`">`)
		require.NotContains(t, w.Body.String(), canary)
		require.NotContains(t, w.Body.String(), "<script")
		require.Equal(t, "no-referrer", w.Header().Get("Referrer-Policy"))
		require.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		require.NotContains(t, w.Header().Get("Content-Security-Policy"), "unsafe")
	}
}

func TestReturnInTheFragment(t *testing.T) {
	t.Parallel()
	g := newRig()
	for _, target := range []string{"/connect/return", "/connect/return?iss=x"} {
		w := g.do(browser("GET", target, "en"))
		require.Equal(t, http.StatusOK, w.Code)
		require.Contains(t, w.Body.String(), `<script src="/connect/return.js" defer></script>`)
		require.Contains(t, w.Header().Get("Content-Security-Policy"), "script-src 'self'")
	}
	require.Empty(t, g.seen)
	for path, kind := range map[string]string{"/connect/return.js": "text/javascript; charset=utf-8", "/connect/return.css": "text/css; charset=utf-8"} {
		w := g.do(browser("GET", path, "en"))
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, kind, w.Header().Get("Content-Type"))
		require.NotEmpty(t, w.Body.String())
	}
}

func TestReturnThatBelongsToNothing(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/connect/return?state=" + canary, "/connect/return?state=%zz", "/connect/return?state=stay&x=" + strings.Repeat("a", maxReturn)} {
		w := newRig().do(browser("GET", target, "en"))
		require.Equal(t, http.StatusNotFound, w.Code)
		require.Contains(t, w.Body.String(), "This page was used already")
		require.NotContains(t, w.Body.String(), canary)
		refused(t, newRig().call("GET", target, "", ""), http.StatusNotFound, "unknown_return")
	}
	g := newRig()
	g.fail = fault.New(fault.Unavailable, "busy", "Later.")
	w := g.do(browser("GET", "/connect/return?state=stay", "fr"))
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Contains(t, w.Body.String(), "Un problème est survenu")
}

func TestLookingAheadDoesNotSpendTheState(t *testing.T) {
	t.Parallel()
	g := newRig()
	require.Equal(t, http.StatusOK, g.do(browser("HEAD", "/connect/return?state=onward", "en")).Code)
	require.Empty(t, g.seen)
}
