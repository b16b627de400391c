package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestServe_A17_keeps_the_rate_limit: a client that calls a hundred times too
// often is refused and told when to come back; another one is not refused once.
func TestServe_A17_keeps_the_rate_limit(t *testing.T) {
	t.Parallel()
	data := folder(t)
	r := serve(t, data, "--environment", "sandbox", "--rate-limit", "1")
	token := func(name string) string {
		return r.token(t, does[clientShape](t, "client", "create", "--data", data, "--name", name))
	}
	greedy, modest := token("greedy"), token("modest")
	refused := 0
	for range 200 {
		answer := r.ask(t, greedy)
		if answer.StatusCode == http.StatusOK {
			continue
		}
		require.Equal(t, http.StatusTooManyRequests, answer.StatusCode)
		wait, err := strconv.Atoi(answer.Header.Get("Retry-After"))
		require.NoError(t, err)
		require.Equal(t, 1, wait)
		refused++
	}
	require.Positive(t, refused)
	for range 2 {
		require.Equal(t, http.StatusOK, r.ask(t, modest).StatusCode)
	}
}

// ask makes the cheapest call there is.
func (r running) ask(t *testing.T, token string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+"/v1/categories", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	_, _ = io.Copy(io.Discard, answer.Body)
	require.NoError(t, answer.Body.Close())
	return answer
}

// token is a client's.
func (r running) token(t *testing.T, of clientShape) string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}}.Encode()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/oauth/token", strings.NewReader(form))
	require.NoError(t, err)
	request.SetBasicAuth(string(of.ID), of.Secret)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }()
	var got struct {
		AccessToken string `json:"access_token"`
	}
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&got))
	return got.AccessToken
}
