package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
)

func logInAt(ctx context.Context, t *testing.T, handler http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	_, err := before(t, server.URL).Begin(ctx, sdk.BeginRequest{Session: embedded, PSU: someone, Credentials: credentials("plain")})
	return err
}

func TestBadAnswers_are_typed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		status int
		body   string
		want   sdk.Code
	}{
		"server error":         {502, `canary`, sdk.ProviderUnavailable},
		"no JSON":              {200, `<html>canary`, sdk.BadData},
		"error without reason": {418, `canary`, sdk.BadData},
		"unknown reason":       {400, `{"code":"canary"}`, sdk.BadData},
		"empty object":         {201, `{}`, sdk.BadData},
		"no challenge":         {201, `{"session":"s","status":"CHALLENGE"}`, sdk.BadData},
		"unknown challenge":    {201, `{"session":"s","status":"CHALLENGE","challenge":{"kind":"canary"}}`, sdk.NotSupported},
		"endless":              {201, `{"session":"s","status":"AUTHENTICATED"}` + strings.Repeat(" ", answerLimit), sdk.BadData},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := logInAt(t.Context(), t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				_, _ = w.Write([]byte(c.body))
			})
			failure := failsWith(t, c.want, err)
			text, jsonErr := json.Marshal(failure.Message)
			require.NoError(t, jsonErr)
			require.NotContains(t, string(text), "canary")
		})
	}
}

func TestRedirects_are_not_followed(t *testing.T) {
	t.Parallel()
	var visits atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { visits.Add(1) }))
	t.Cleanup(elsewhere.Close)
	err := logInAt(t.Context(), t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	failsWith(t, sdk.BadData, err)
	require.Zero(t, visits.Load())
}

func TestUnreachableBank(t *testing.T) {
	t.Parallel()
	t.Run("closed_port", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.NotFoundHandler())
		server.Close()
		_, err := before(t, server.URL).Begin(t.Context(), sdk.BeginRequest{Session: embedded, Credentials: credentials("plain")})
		failsWith(t, sdk.ProviderUnavailable, err)
	})
	hang := func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then does the server notice that the caller is gone
		<-r.Context().Done()
	}
	t.Run("deadline", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		failsWith(t, sdk.ProviderUnavailable, logInAt(ctx, t, hang))
	})
	t.Run("caller_gave_up", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, logInAt(ctx, t, hang), context.Canceled)
	})
}

func TestOneFailingAccount_does_not_stop_the_others(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/api/accounts":
			_, _ = w.Write([]byte(`{"accounts":[{"id":"down"},{"id":"endless"},{"id":"fine"}]}`))
		case strings.HasPrefix(r.URL.Path, "/api/accounts/down"):
			w.WriteHeader(http.StatusServiceUnavailable)
		case r.URL.Path == "/api/accounts/endless/transactions":
			_, _ = w.Write([]byte(`{"transactions":[],"next_page":1}`))
		default:
			_, _ = w.Write([]byte(`{}`))
		}
	}))
	t.Cleanup(server.Close)
	s := &sink{}
	err := before(t, server.URL).Fetch(t.Context(), sdk.FetchRequest{Session: embedded, State: sdk.Pack(bundleVersion, state{Session: "x"})}, s)
	require.NoError(t, err)
	failures := itemsOf[sdk.AccountFailureItem](s)
	require.Len(t, failures, 2)
	require.Equal(t, sdk.ProviderUnavailable, failures[0].Failure.Code)
	require.Equal(t, sdk.BadData, failures[1].Failure.Code)
	require.Equal(t, []sdk.AccountDoneItem{{Account: "fine"}}, itemsOf[sdk.AccountDoneItem](s))
}

func TestLostSession_stops_at_once(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		if r.URL.Path == "/api/accounts" {
			_, _ = w.Write([]byte(`{"accounts":[{"id":"a"},{"id":"b"}]}`))
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte(`{"code":"session_expired","message":"canary"}`))
	}))
	t.Cleanup(server.Close)
	s := &sink{}
	err := before(t, server.URL).Fetch(t.Context(), sdk.FetchRequest{Session: embedded, State: sdk.Pack(bundleVersion, state{Session: "x"})}, s)
	failsWith(t, sdk.SessionLost, err)
	require.Empty(t, itemsOf[sdk.AccountFailureItem](s))
	require.EqualValues(t, 2, calls.Load())
}

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "testbank", "ftp://host", "http://", "http://user:canary@host", "://"} {
		_, err := fromSettings(serve.SettingsOf(map[string]string{"base_url": bad}))
		require.ErrorContains(t, err, "base_url", bad)
		require.NotContains(t, err.Error(), "canary")
	}
}

func TestIDs_cannot_leave_their_path(t *testing.T) {
	t.Parallel()
	paths := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { paths <- r.URL.EscapedPath() }))
	t.Cleanup(server.Close)
	err := before(t, server.URL).(sdk.Ender).End(t.Context(), sdk.EndRequest{
		Session: embedded, State: sdk.Pack(bundleVersion, state{Session: "../../admin/release?x"}),
	})
	require.NoError(t, err)
	require.Equal(t, "/api/sessions/..%2F..%2Fadmin%2Frelease%3Fx", <-paths)
}
