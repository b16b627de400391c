package providertest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	domain "github.com/tributary-dev/tributary/core/provider"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/provider"
)

// Backend is what the suite runs against. It serves the rehearsal.
type Backend interface {
	provider.Catalogue
	provider.Gateway
}

// Run holds a backend to the contract. Cases run in parallel, on one backend:
// nothing of one session may reach another.
func Run(t *testing.T, b Backend) {
	for name, run := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, b)
		})
	}
}

var cases = map[string]func(*testing.T, Backend){
	"Catalogue_lists_the_provider":            catalogueLists,
	"Catalogue_cannot_be_changed_by_a_caller": catalogueIsSafe,
	"Unknown_provider_is_not_found":           unknownProvider,
	"Unknown_provider_fails_typed":            unknownSession,
	"Unknown_channel_fails_typed":             unknownChannel,
	"Call_without_deadline_fails":             noDeadline,
	"Ended_context_ends_the_call":             endedContext,
	"Plain_login_is_ready":                    plainIsReady,
	"Wrong_password_names_the_field":          wrongPassword,
	"Code_opens_the_session":                  codeOpens,
	"Wrong_code_asks_again":                   wrongCode,
	"Code_is_sent_again":                      sentAgain,
	"Secrets_spare_the_challenge":             secretsSpare,
	"Nobody_there_is_never_challenged":        nobodyThere,
	"Decoupled_is_polled":                     decoupled,
	"Redirect_comes_back":                     redirect,
	"Refusal_at_the_bank_is_typed":            refusal,
	"Unreadable_state_is_typed":               unreadable,
	"Refresh_renews_secrets":                  refresh,
	"Fetch_of_stale_secrets_says_so":          stale,
	"Fetch_tells_accounts_first":              fetchOrder,
	"One_failing_account_fails_alone":         partial,
	"Error_of_the_sink_stops_the_fetch":       sinkError,
	"Deadline_ends_a_slow_fetch":              slowFetch,
	"End_twice_is_no_failure":                 endTwice,
	"Sessions_never_mix":                      sessionsApart,
}

func session(login string) provider.Session {
	return provider.Session{ID: "ses-" + login, ProviderID: ProviderID, ChannelID: ChannelID, Locale: "en"}
}

func credentials(login, password string) secret.Values {
	return secret.Values{"login": secret.New(login), "password": secret.New(password)}
}

var present = &synchronization.PSU{IP: "192.0.2.1", UserAgent: "suite"}

func soon(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func begin(t *testing.T, b Backend, login string) provider.Step {
	t.Helper()
	step, err := b.Begin(soon(t), provider.Begin{
		Session: session(login), PSU: present, Credentials: credentials(login, Password),
		ReturnURL: "https://us.example/connect/return", ReturnState: secret.New("state-of-" + login),
	})
	require.NoError(t, err)
	require.NotEqual(t, step.Challenge == nil, step.Ready == nil, "a step is a challenge or ready")
	return step
}

func ready(t *testing.T, b Backend, login string) provider.Ready {
	t.Helper()
	step := begin(t, b, login)
	require.NotNil(t, step.Ready)
	return *step.Ready
}

func requireFailure(t *testing.T, err error, code provider.Code) *provider.Failure {
	t.Helper()
	failure, ok := errors.AsType[*provider.Failure](err)
	require.True(t, ok, "%v is no failure", err)
	require.Equal(t, code, failure.Code, "%v", failure.Err)
	require.NotEmpty(t, failure.Whose)
	return failure
}

func catalogueLists(t *testing.T, b Backend) {
	all, err := b.Providers(soon(t))
	require.NoError(t, err)
	for i := range all {
		require.True(t, i == 0 || all[i-1].Name <= all[i].Name, "not in the order of names")
	}
	one, err := b.Provider(soon(t), ProviderID)
	require.NoError(t, err)
	require.Contains(t, all, one)
	require.Equal(t, domain.Up, one.Health())
	channel, err := one.Channel(ChannelID)
	require.NoError(t, err)
	require.NotEmpty(t, channel.Plugin)
	require.Equal(t, domain.Up, channel.Health)
	require.Equal(t, []string{channel.Plugin}, one.Plugins())
	require.Len(t, channel.CredentialFields, 2)
	require.Equal(t, "Password", channel.CredentialFields[1].Label.In("en"))
}

func catalogueIsSafe(t *testing.T, b Backend) {
	one, err := b.Provider(soon(t), ProviderID)
	require.NoError(t, err)
	one.Channels[0].ID = "changed"
	one.Channels[0].AccountTypes[0] = "changed"
	one.Channels[0].CredentialFields[0].Name = "changed"
	one.Channels[0].CredentialFields[1].Label["en"] = "changed"
	again, err := b.Provider(soon(t), ProviderID)
	require.NoError(t, err)
	require.NotContains(t, fmt.Sprint(again), "changed")
}

func unknownProvider(t *testing.T, b Backend) {
	_, err := b.Provider(soon(t), "nobody")
	require.ErrorIs(t, err, domain.ErrNotFound)
}

func unknownSession(t *testing.T, b Backend) {
	_, err := b.Begin(soon(t), provider.Begin{Session: provider.Session{ID: "1", ProviderID: "nobody", ChannelID: ChannelID}})
	requireFailure(t, err, provider.ProviderUnavailable)
}

func unknownChannel(t *testing.T, b Backend) {
	_, err := b.Begin(soon(t), provider.Begin{Session: provider.Session{ID: "1", ProviderID: ProviderID, ChannelID: "none"}})
	requireFailure(t, err, provider.NotSupported)
}

func noDeadline(t *testing.T, b Backend) {
	_, err := b.Begin(context.Background(), provider.Begin{Session: session("plain"), Credentials: credentials("plain", Password)})
	requireFailure(t, err, provider.Technical)
}

func endedContext(t *testing.T, b Backend) {
	ctx, cancel := context.WithCancel(soon(t))
	cancel()
	_, err := b.Begin(ctx, provider.Begin{Session: session("plain"), Credentials: credentials("plain", Password)})
	require.ErrorIs(t, err, context.Canceled)
}

func plainIsReady(t *testing.T, b Backend) {
	got := ready(t, b, "plain")
	require.False(t, got.State.Empty())
	require.Equal(t, 1, got.State.Version)
	require.Nil(t, got.Consent)
	require.NotContains(t, fmt.Sprintf("%+v", got), string(got.State.Data.Reveal()))
}

func wrongPassword(t *testing.T, b Backend) {
	_, err := b.Begin(soon(t), provider.Begin{Session: session("plain"), PSU: present, Credentials: credentials("plain", "wrong-canary")})
	failure := requireFailure(t, err, provider.AuthFailed)
	require.Equal(t, provider.User, failure.Whose)
	require.Equal(t, []string{"password"}, failure.Fields)
	require.NotContains(t, fmt.Sprintf("%+v", failure), "wrong-canary")
}

func secretsSpare(t *testing.T, b Backend) {
	opened, err := answer(t, b, "code", begin(t, b, "code").Challenge, map[string]string{"code": Code})
	require.NoError(t, err)
	require.NotNil(t, opened.Ready)
	require.False(t, opened.Ready.Secrets.Empty())
	again, err := b.Begin(soon(t), provider.Begin{
		Session: session("code"), Credentials: credentials("code", Password), Secrets: opened.Ready.Secrets,
	})
	require.NoError(t, err)
	require.NotNil(t, again.Ready)
}

func nobodyThere(t *testing.T, b Backend) {
	_, err := b.Begin(soon(t), provider.Begin{Session: session("code"), Credentials: credentials("code", Password)})
	requireFailure(t, err, provider.ChallengeRequired)
}

func unreadable(t *testing.T, b Backend) {
	strange := provider.State{Version: 99, Data: secret.FromBytes([]byte("from the future"))}
	_, err := b.Begin(soon(t), provider.Begin{Session: session("plain"), Credentials: credentials("plain", Password), Secrets: strange})
	requireFailure(t, err, provider.SecretUnreadable)
	err = b.Fetch(soon(t), provider.Fetch{Session: session("plain"), State: strange}, &Recorder{})
	requireFailure(t, err, provider.SecretUnreadable)
	_, err = b.Refresh(soon(t), provider.Refresh{Session: session("plain"), Secrets: strange})
	requireFailure(t, err, provider.SecretUnreadable)
}

func refresh(t *testing.T, b Backend) {
	old := provider.State{Version: 1, Data: secret.FromBytes([]byte("token"))}
	got, err := b.Refresh(soon(t), provider.Refresh{Session: session("plain"), Secrets: old})
	require.NoError(t, err)
	require.Equal(t, "token+", string(got.Secrets.Data.Reveal()))
}

func stale(t *testing.T, b Backend) {
	got := ready(t, b, "stale")
	req := provider.Fetch{Session: session("stale"), State: got.State, Secrets: got.Secrets, Mode: synchronization.All}
	requireFailure(t, b.Fetch(soon(t), req, &Recorder{}), provider.SecretStale)
	fresh, err := b.Refresh(soon(t), provider.Refresh{Session: session("stale"), Secrets: got.Secrets})
	require.NoError(t, err)
	req.Secrets = fresh.Secrets
	require.NoError(t, b.Fetch(soon(t), req, &Recorder{}))
}

func endTwice(t *testing.T, b Backend) {
	got := ready(t, b, "plain")
	for range 2 {
		require.NoError(t, b.End(soon(t), provider.End{Session: session("plain"), State: got.State, Revoke: true}))
	}
}

func sessionsApart(t *testing.T, b Backend) {
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			login := fmt.Sprintf("plain-%d", i)
			got := ready(t, b, login)
			var seen Recorder
			err := b.Fetch(soon(t), provider.Fetch{Session: session(login), State: got.State, Mode: synchronization.All}, &seen)
			if err != nil || len(seen.Accounts) != 2 || seen.Accounts[0].Report.Holder != login {
				t.Errorf("session of %s: %v", login, err)
			}
		})
	}
	all.Wait()
}
