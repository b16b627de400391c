package oauth_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
)

func TestNewSecret(t *testing.T) {
	t.Parallel()
	text, hash := oauth.NewSecret(strings.NewReader("thirty-two bytes, all of them.. "))
	require.Equal(t, "trs_dGhpcnR5LXR3byBieXRlcywgYWxsIG9mIHRoZW0uLiA", text.Reveal())
	sum := sha256.Sum256([]byte(text.Reveal()))
	require.Equal(t, hex.EncodeToString(sum[:]), hash)
	require.Equal(t, "[redacted]", fmt.Sprint(text))
	require.Panics(t, func() { oauth.NewSecret(strings.NewReader("too short")) })
}

// post calls a server without a network between.
func post(server *oauth.Server, b *bench, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodPost, oauth.TokenPath, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	request.SetBasicAuth(string(b.client.ID), b.secret)
	recorder := httptest.NewRecorder()
	server.Handler().ServeHTTP(recorder, request)
	return recorder
}

func TestConfig_has_good_defaults(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	recorder := post(oauth.New(oauth.Config{Store: b.store, Hasher: b.hasher}), b, "grant_type=client_credentials")
	require.Equal(t, http.StatusOK, recorder.Code)
	require.Contains(t, recorder.Body.String(), `"expires_in":3600`)
}
