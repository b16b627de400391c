package main

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/serve"
	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// world is the plugin before the test bank's web site.
type world struct {
	t        testing.TB
	url      string
	bank     *bank.Bank
	provider sdk.Provider
}

// start is the bank's time.
var start = time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)

func openBank(t testing.TB, text []byte) *world {
	t.Helper()
	file, err := config.Parse(text)
	require.NoError(t, err)
	server, err := testbank.New(file, bank.Options{Wait: func(context.Context, time.Duration) error { return nil }})
	require.NoError(t, err)
	server.Bank.SetClock(start)
	listener := httptest.NewServer(server)
	t.Cleanup(func() { server.Close(); listener.Close() })
	return &world{t: t, url: listener.URL, bank: server.Bank}
}

// open is the plugin in this process.
func open(t testing.TB, settings ...string) *world {
	t.Helper()
	w := openBank(t, testbank.DefaultConfig())
	w.provider = w.plugin(settings...)
	return w
}

func (w *world) plugin(settings ...string) *provider {
	w.t.Helper()
	all := map[string]string{"testbank_url": w.url, "profiles": folder(w.t)}
	for i := 0; i+1 < len(settings); i += 2 {
		all[settings[i]] = settings[i+1]
	}
	p, err := fromSettings(serve.SettingsOf(all))
	require.NoError(w.t, err)
	w.t.Cleanup(p.(*provider).pool.Close)
	return p.(*provider)
}

// folder is one that a user without privileges may pass through.
func folder(t testing.TB) string {
	t.Helper()
	path, err := os.MkdirTemp("", "sc-") //nolint:usetesting // one that others may pass through, with a short name
	require.NoError(t, err)
	require.NoError(t, os.Chmod(path, 0o755)) //nolint:gosec // Chromium runs as another user
	t.Cleanup(func() { _ = os.RemoveAll(path) })
	return path
}

func (w *world) limited() context.Context {
	ctx, cancel := context.WithTimeout(w.t.Context(), 2*time.Minute)
	w.t.Cleanup(cancel)
	return ctx
}

func sessionOf(bank string) sdk.Session {
	return sdk.Session{ID: "s", ProviderID: bank, ChannelID: channelOf(bank), Locale: "fr"}
}

var someone = &sdk.PSU{IP: "192.0.2.1"}

func credentials(login string) sdk.Secrets {
	password := login + "-pass1"
	if login == "gaspard" {
		password = "204816"
	}
	return sdk.Secrets{"login": login, "password": password}
}

func (w *world) begin(theme, login string) (sdk.Step, error) {
	w.t.Helper()
	return w.provider.Begin(w.limited(), sdk.BeginRequest{Session: sessionOf("testbank-" + theme), PSU: someone, Credentials: credentials(login)})
}

func (w *world) next(theme string, step sdk.Step, answers sdk.Secrets) (sdk.Step, error) {
	w.t.Helper()
	require.NotNil(w.t, step.Challenge)
	return w.provider.Continue(w.limited(), sdk.ContinueRequest{
		Session: sessionOf("testbank-" + theme), PSU: someone, ChallengeID: step.Challenge.ID, Answers: answers, State: step.Challenge.State, Poll: answers == nil,
	})
}

// told is what a fetch told.
type told struct {
	accounts []sdk.Account
	balances map[string][]sdk.Balance
	rows     map[string][]sdk.Transaction
	failed   map[string]sdk.AccountFailureItem
	done     map[string]sdk.AccountDoneItem
}

func (k *told) Send(item sdk.Item) error {
	switch i := item.(type) {
	case sdk.AccountItem:
		k.accounts = append(k.accounts, i.Account)
	case sdk.BalancesItem:
		k.balances[i.Account] = i.Balances
	case sdk.TransactionsItem:
		k.rows[i.Account] = append(k.rows[i.Account], i.Transactions...)
	case sdk.AccountFailureItem:
		k.failed[i.Account] = i
	case sdk.AccountDoneItem:
		k.done[i.Account] = i
	}
	return nil
}

func (w *world) fetch(theme string, ready *sdk.Ready, change ...func(*sdk.FetchRequest)) (*told, error) {
	w.t.Helper()
	require.NotNil(w.t, ready)
	req := sdk.FetchRequest{Session: sessionOf("testbank-" + theme), PSU: someone, Mode: sdk.FetchAll, State: ready.State, Secrets: ready.Secrets, Window: sdk.Window{Default: "2026-01-01", To: "2026-03-14"}}
	for _, f := range change {
		f(&req)
	}
	k := &told{balances: map[string][]sdk.Balance{}, rows: map[string][]sdk.Transaction{}, failed: map[string]sdk.AccountFailureItem{}, done: map[string]sdk.AccountDoneItem{}}
	return k, w.provider.Fetch(w.limited(), req, k)
}

// trueAccount is what the bank says to its operator.
type trueAccount struct {
	ID, Name, Type, IBAN, Number, Currency, Status string
	Told                                           bool
	Balances                                       []struct{ Type, Amount string }
	Transactions                                   []struct {
		ID                              string
		BookingDate                     string `json:"booking_date"`
		Amount, Label, Currency, Status string
	}
}

func (w *world) truth(login string) []trueAccount {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+"/api/admin/truth?login="+login, nil)
	require.NoError(w.t, err)
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	defer func() { _ = response.Body.Close() }()
	var body struct {
		Personas []struct{ Accounts []trueAccount }
	}
	require.NoError(w.t, json.NewDecoder(response.Body).Decode(&body))
	require.Len(w.t, body.Personas, 1)
	return body.Personas[0].Accounts
}

// requireTrue compares what was told with the truth: accounts, booked balances, and the booked rows of the window by day,
// amount and the beginning of their text (the old site cuts it).
func (w *world) requireTrue(login string, k *told) {
	w.t.Helper()
	for _, failed := range k.failed {
		w.t.Errorf("%s: %s fails: %v", login, failed.Account, failed.Failure.Cause)
	}
	rows := 0
	for _, want := range w.truth(login) {
		i := slices.IndexFunc(k.accounts, func(a sdk.Account) bool {
			return a.Currency == want.Currency && (want.IBAN != "" && a.IBAN == want.IBAN || want.IBAN == "" && a.Number == want.Number)
		})
		require.GreaterOrEqual(w.t, i, 0, "%s: %s is not told, of %v", login, want.Name, k.accounts)
		got := k.accounts[i]
		require.Equal(w.t, []string{want.Name, want.Type}, []string{got.Name, string(got.Type)}, login)
		if want.Status == "CLOSED" {
			require.Equal(w.t, sdk.AccountClosed, got.Status, login)
			continue
		}
		var truth, told []string
		for _, r := range want.Transactions {
			if r.Status == "BOOKED" && r.BookingDate >= "2026-01-01" && r.BookingDate <= "2026-03-14" {
				truth = append(truth, r.BookingDate+" "+r.Amount+" "+start20(r.Label))
			}
		}
		for _, r := range k.rows[got.Ref] {
			if r.Status == sdk.Booked {
				told = append(told, string(cmp.Or(r.BookingDate, r.ValueDate))+" "+r.Amount+" "+start20(r.Label))
			}
		}
		require.ElementsMatch(w.t, truth, told, "%s: %s", login, want.Name)
		rows += len(told)
		for _, b := range want.Balances {
			if b.Type == "BOOKED" {
				require.Equal(w.t, b.Amount, k.balances[got.Ref][0].Amount, "%s: %s", login, want.Name)
			}
		}
	}
	require.Positive(w.t, rows+len(k.accounts))
}

func start20(label string) string {
	runes := []rune(strings.Join(strings.Fields(label), " "))
	return string(runes[:min(20, len(runes))])
}

func requireCode(t *testing.T, code sdk.Code, err error) *sdk.Failure {
	t.Helper()
	var failure *sdk.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, code, failure.Code, "%v", failure.Cause)
	return failure
}

var themes = []string{"modern", "classic"}

func TestReading_is_true(t *testing.T) {
	t.Parallel()
	for _, theme := range themes {
		for _, markup := range []string{"1", "2"} {
			t.Run(theme+markup, func(t *testing.T) {
				t.Parallel()
				w := open(t)
				response, err := http.Post(w.url+"/api/admin/site", "application/json", strings.NewReader(`{"markup": `+markup+`}`)) //nolint:noctx // a test
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				for _, login := range []string{"camille", "sofia", "nora", "gaspard"} {
					step, err := w.begin(theme, login)
					require.NoError(t, err, login)
					k, err := w.fetch(theme, step.Ready)
					require.NoError(t, err, login)
					w.requireTrue(login, k)
				}
			})
		}
	}
}
