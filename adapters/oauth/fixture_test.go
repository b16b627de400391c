package oauth_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/event"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/user"
	"github.com/tributary-dev/tributary/ports/passwords/passwordstest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/store/storetest"
)

// bench is a server with one client that may do everything, and one of its users.
type bench struct {
	*oauth.Server
	store  store.Store
	tokens *tokenSpy
	hasher *passwordstest.Fake
	logs   *safeBuffer
	fake   *storetest.Fake
	tune   func(*oauth.Config)
	ctx    context.Context
	url    string

	mu  sync.Mutex
	now time.Time

	client client.Client
	secret string
	user   *user.User
}

const (
	email    = "Ana@example.org"
	password = "Canary-5d07-pass"
)

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{
		hasher: passwordstest.NewFake(), logs: &safeBuffer{}, fake: storetest.NewFake(storetest.Options{}),
		ctx: context.Background(), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), tune: func(*oauth.Config) {},
	}
	b.tokens = &tokenSpy{Store: b.fake}
	b.store = b.tokens
	b.client, b.secret = b.newClient(t, client.PasswordGrant, client.DirectCredentials)
	b.user = b.newUser(t, b.client.ID, email, password)
	b.serve(t)
	return b
}

// serve starts a server on the bench's store, whatever that is by now.
func (b *bench) serve(t *testing.T) {
	t.Helper()
	config := oauth.Config{
		Store: b.store, Hasher: b.hasher, Now: b.clock, Issuer: "https://tributary.example",
		Logger: slog.New(slog.NewJSONHandler(b.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	b.tune(&config)
	b.Server = oauth.New(config)
	server := httptest.NewServer(b.Handler())
	t.Cleanup(server.Close)
	b.url = server.URL
}

func (b *bench) clock() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.now
}

func (b *bench) pass(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.now = b.now.Add(d)
}

func (b *bench) newClient(t *testing.T, rights ...client.Right) (client.Client, string) {
	t.Helper()
	text, hash := oauth.NewSecret(rand.Reader)
	c, err := client.New(ident.New[ident.Client](ident.Real()), "An application", hash, b.clock())
	require.NoError(t, err)
	c.Rights = rights
	b.putClient(t, c)
	return c, text.Reveal()
}

func (b *bench) putClient(t *testing.T, c client.Client) {
	t.Helper()
	b.update(t, func(tx store.Tx) error { return tx.Clients().Put(t.Context(), c) })
}

func (b *bench) newUser(t *testing.T, owner ident.Client, email, password string) *user.User {
	t.Helper()
	hash := ""
	if password != "" {
		var err error
		hash, err = b.hasher.Hash(t.Context(), secret.New(password))
		require.NoError(t, err)
	}
	u := user.New(ident.New[ident.User](ident.Real()), owner, user.Identity{Email: email}, hash, nil, b.clock())
	b.update(t, func(tx store.Tx) error { return tx.Users().Put(t.Context(), u) })
	return u
}

func (b *bench) update(t *testing.T, fn func(store.Tx) error) {
	t.Helper()
	require.NoError(t, b.store.Update(t.Context(), store.Fence{}, fn))
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func (a answer) token() secret.String {
	text, _ := a.body["access_token"].(string)
	return secret.New(text)
}

func (a answer) refresh() string {
	text, _ := a.body["refresh_token"].(string)
	return text
}

func (b *bench) send(t require.TestingT, request *http.Request) answer {
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	a := answer{status: response.StatusCode, header: response.Header, text: string(text)}
	if len(text) > 0 {
		require.NoError(t, json.Unmarshal(text, &a.body), "%s", text)
	}
	return a
}

func (b *bench) request(t require.TestingT, body string) *http.Request {
	return b.requestTo(t, oauth.TokenPath, body)
}

func (b *bench) requestTo(t require.TestingT, path, body string) *http.Request {
	return b.requestAt(t, b.url, path, body)
}

func (b *bench) requestAt(t require.TestingT, node, path, body string) *http.Request {
	request, err := http.NewRequest(http.MethodPost, node+path, strings.NewReader(body))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return request
}

// post sends a form with the bench's client in the header; the form is given as
// names and values in turn.
func (b *bench) post(t require.TestingT, pairs ...string) answer {
	return b.postAs(t, b.client.ID, b.secret, oauth.TokenPath, pairs...)
}

// postAs is post for any client and endpoint.
func (b *bench) postAs(t require.TestingT, id ident.Client, secret, path string, pairs ...string) answer {
	request := b.requestTo(t, path, form(pairs...))
	request.SetBasicAuth(url.QueryEscape(string(id)), url.QueryEscape(secret))
	return b.send(t, request)
}

// login is the answer to the password grant.
func (b *bench) login(t require.TestingT, pairs ...string) answer {
	a := b.post(t, append(pairs, "grant_type", "password", "username", email, "password", password)...)
	require.Equal(t, http.StatusOK, a.status, a.text)
	return a
}

func (b *bench) renew(t require.TestingT, refresh string, pairs ...string) answer {
	return b.post(t, append(pairs, "grant_type", "refresh_token", "refresh_token", refresh)...)
}

// opens reports whether the access token of an answer stands for somebody.
func (b *bench) opens(t require.TestingT, a answer) bool {
	_, err := b.Authenticate(b.ctx, a.token())
	if err != nil {
		require.ErrorIs(t, err, oauth.ErrInvalidToken)
	}
	return err == nil
}

// revocations are the reasons told by events so far.
func (b *bench) revocations(t require.TestingT) (reasons []string) {
	require.NoError(t, b.fake.View(b.ctx, func(tx store.Tx) error {
		events, err := tx.Events().After(b.ctx, b.client.ID, 0, store.EventFilter{Names: []event.Name{event.UserTokensRevoked}}, 1000)
		for _, e := range events {
			require.Equal(t, b.user.ID, e.UserID)
			require.Len(t, e.Data, 1)
			reason, ok := e.Data["reason"].(string)
			require.True(t, ok)
			reasons = append(reasons, reason)
		}
		return err
	}))
	return reasons
}

func form(pairs ...string) string {
	values := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

func (b *bench) clientToken(t *testing.T, pairs ...string) secret.String {
	t.Helper()
	a := b.post(t, append(pairs, "grant_type", "client_credentials")...)
	require.Equal(t, http.StatusOK, a.status, a.text)
	return a.token()
}

func (b *bench) userToken(t *testing.T, pairs ...string) secret.String {
	t.Helper()
	return b.login(t, pairs...).token()
}

type safeBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// digest is under what a token is kept.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
