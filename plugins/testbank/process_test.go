package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
	"github.com/tributary-dev/tributary/testbank/bank"
)

// program builds the plugin once for all tests; TestMain removes it.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "testbank")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "testbank-plugin"); err != nil {
		panic(err)
	}
	status := m.Run()
	_ = os.RemoveAll(scratch) // what is left is a file in a folder for such
	os.Exit(status)
}

// launched is a world whose plugin is a real process, started as the server does it.
func launched(t *testing.T) *world {
	t.Helper()
	w := open(t)
	path, err := program()
	require.NoError(t, err)
	sum, err := host.Checksum(path)
	require.NoError(t, err)
	process, err := host.Launch(t.Context(), host.Config{
		Path: path, SHA256: sum, Settings: map[string]string{"base_url": w.url}, StartTimeout: time.Minute,
	})
	require.NoError(t, err)
	t.Cleanup(func() { process.Close(time.Second) })
	w.provider = process.Provider()
	return w
}

// attempt logs in, with or without the customer there, and gives what came of it.
func (w *world) attempt(login string, psu *sdk.PSU) (sdk.Step, error) {
	w.t.Helper()
	return w.provider.Begin(w.limited(), sdk.BeginRequest{Session: embedded, PSU: psu, Credentials: credentials(login)})
}

// Each refusal of the bank is a typed failure also on the far side of the process.
func TestRefusals_cross_the_process(t *testing.T) {
	t.Parallel()
	w := launched(t)
	w.bank.SetClock(time.Date(2026, 3, 14, 22, 0, 0, 0, time.UTC))
	cases := map[string]struct {
		code    sdk.Code
		whose   sdk.Whose
		url     string
		retryAt time.Time
	}{
		"locked": {code: sdk.AccountLocked, whose: sdk.User},
		"stale":  {code: sdk.PasswordChangeRequired, whose: sdk.User, url: w.url + "/password/stale"},
		"terms":  {code: sdk.UserActionRequired, whose: sdk.User, url: w.url + "/terms/terms"},
		"dead":   {code: sdk.ProviderUnavailable, whose: sdk.Bank},
		"night":  {code: sdk.ProviderUnavailable, whose: sdk.Bank, retryAt: time.Date(2026, 3, 15, 5, 30, 0, 0, time.UTC)},
	}
	for login, c := range cases {
		_, err := w.attempt(login, nil)
		failure := failsWith(t, c.code, err)
		require.Equal(t, c.whose, failure.Whose, login)
		require.Equal(t, c.url, failure.URL, login)
		require.True(t, c.retryAt.Equal(failure.RetryAt), login)
		if c.code != sdk.ProviderUnavailable {
			require.NotEmpty(t, failure.Message["fr"], login)
		}
	}
	post(t, w.url+"/terms/terms", nil)
	done, err := w.attempt("terms", nil)
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
}

func TestChallenges_cross_the_process(t *testing.T) {
	t.Parallel()
	w := launched(t)
	asked, err := w.attempt("chooser", someone)
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeOptions, asked.Challenge.Type)
	require.Equal(t, "Where to", asked.Challenge.Message["en"])
	require.Equal(t, []sdk.Choice{{Value: "sms", Label: sdk.Text{"en": "Text"}}, {Value: "mail", Label: sdk.Text{"en": "Mail"}}}, asked.Challenge.Options)
	again, err := w.next(embedded, asked, sdk.Secrets{"option": "pigeon"})
	require.NoError(t, err)
	require.NotEqual(t, asked.Challenge.ID, again.Challenge.ID)
	require.Contains(t, again.Challenge.Message["en"], "no such choice")
	sent, err := w.next(embedded, again, sdk.Secrets{"option": "mail"})
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeForm, sent.Challenge.Type)
	require.NotEqual(t, again.Challenge.ID, sent.Challenge.ID)
	require.Contains(t, sent.Challenge.Message["en"], "Mail")
	done, err := w.next(embedded, sent, sdk.Secrets{"code": "1234"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)

	asked, err = w.attempt("reader", someone)
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeImage, asked.Challenge.Type)
	require.Equal(t, "image/png", asked.Challenge.Image.MediaType)
	require.Equal(t, "\x89PNG", string(asked.Challenge.Image.Data[:4]))
	again, err = w.next(embedded, asked, sdk.Secrets{"code": "0000"})
	require.NoError(t, err)
	done, err = w.next(embedded, again, sdk.Secrets{"code": "4711"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)

	asked, err = w.attempt("quizzed", someone)
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeForm, asked.Challenge.Type)
	require.Equal(t, "Where born", asked.Challenge.Message["en"])
	done, err = w.next(embedded, asked, sdk.Secrets{"code": "brest"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)

	for _, login := range []string{"chooser", "reader", "quizzed"} {
		_, err = w.attempt(login, nil)
		failsWith(t, sdk.ChallengeRequired, err)
	}
	stats, _ := w.bank.Stats("chooser")
	require.Equal(t, 1, stats.CodesSent)
}

func TestQuota_crosses_the_process(t *testing.T) {
	t.Parallel()
	w := launched(t)
	ready := *w.begin("metered").Ready
	unattended := func(req *sdk.FetchRequest) { req.PSU = nil }
	_, err := w.fetch(w.limited(), embedded, ready, unattended)
	require.NoError(t, err)
	_, err = w.fetch(w.limited(), embedded, ready, nil)
	require.NoError(t, err, "the customer is there")
	s, err := w.fetch(w.limited(), embedded, ready, unattended)
	failure := failsWith(t, sdk.RateLimited, err)
	free := time.Date(2026, 3, 15, 9, 0, 0, 0, time.UTC)
	require.True(t, free.Equal(failure.RetryAt))
	usage := itemsOf[sdk.UsageItem](s)
	require.Len(t, usage, 1)
	require.Zero(t, usage[0].Count)
	require.True(t, free.Equal(usage[0].RetryAt))
}

// One kind of data that is used up does not throw away the other.
func TestQuota_of_one_scope_leaves_the_others(t *testing.T) {
	t.Parallel()
	w := launched(t)
	ready := *w.begin("metered").Ready
	var at state
	require.NoError(t, ready.State.Unpack(bundleVersion, &at))
	_, err := w.bank.Authorize(at.Session, bank.Use{Scope: bank.ScopeBalances, Account: "metered-current"})
	require.NoError(t, err)
	s, err := w.fetch(w.limited(), embedded, ready, func(req *sdk.FetchRequest) { req.PSU = nil })
	require.NoError(t, err)
	failures := itemsOf[sdk.AccountFailureItem](s)
	require.Len(t, failures, 1)
	require.Equal(t, sdk.ScopeBalances, failures[0].Scope)
	require.Equal(t, sdk.RateLimited, failures[0].Failure.Code)
	scopes := map[sdk.Scope]int{}
	for _, u := range itemsOf[sdk.UsageItem](s) {
		scopes[u.Scope] += u.Count
	}
	require.Equal(t, map[sdk.Scope]int{sdk.ScopeAccounts: 1, sdk.ScopeBalances: 0, sdk.ScopeTransactions: 1}, scopes)
}

func TestSharedAccounts_cross_the_process(t *testing.T) {
	t.Parallel()
	w := launched(t)
	s, err := w.fetch(w.limited(), embedded, *w.begin("mate").Ready, nil)
	require.NoError(t, err)
	accounts := itemsOf[sdk.AccountItem](s)
	require.Len(t, accounts, 3)
	euros, dollars, card := accounts[0].Account, accounts[1].Account, accounts[2].Account
	require.Equal(t, "Nia, Oli", euros.Holder)
	require.Equal(t, euros.IBAN, dollars.IBAN)
	require.NotEqual(t, euros.BankID, dollars.BankID)
	require.Equal(t, "EUR USD", euros.Currency+" "+dollars.Currency)
	require.Equal(t, euros.Ref, card.Parent)
	sides := map[string]string{}
	for _, item := range itemsOf[sdk.TransactionsItem](s) {
		for _, row := range item.Transactions {
			require.Equal(t, sdk.TypeCreditCardPayment, row.Type)
			sides[item.Account] = row.Amount
		}
	}
	require.Equal(t, map[string]string{"euros": "-40.00", "deferred": "40.00"}, sides)
}
