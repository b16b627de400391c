package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// Each customer of the test bank, on each theme: what comes of the log-in, and that what is read is true where it is read.
func TestCustomers(t *testing.T) {
	t.Parallel()
	answers := map[string]sdk.Secrets{
		"paul": {"code": "123456"}, "oscar": {"code": "654321"}, "jade": {"code": "4711"}, "odile": {"code": "802513"}, "simone": {"code": "Saint-Malo"},
	}
	refused := map[string]sdk.Code{
		"victor": sdk.AuthFailed, "leo": sdk.AccountLocked, "adam": sdk.PasswordChangeRequired, "chloe": sdk.UserActionRequired,
		"basile": sdk.ProviderUnavailable, "serge": sdk.Blocked,
	}
	for _, theme := range themes {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			for login, code := range refused {
				_, err := w.begin(theme, login)
				failure := requireCode(t, code, err)
				if code == sdk.AuthFailed {
					require.Equal(t, []string{"login", "password"}, failure.Fields)
					require.Contains(t, failure.Message["fr"], "incorrect")
				}
				if login == "leo" || login == "adam" || login == "chloe" {
					require.Equal(t, w.url+"/web/"+theme+"/", failure.URL, "where the user can mend it")
				}
			}
			for login, answer := range answers {
				step, err := w.begin(theme, login)
				require.NoError(t, err, login)
				require.NotNil(t, step.Challenge, login)
				require.Equal(t, sdk.Live, step.Challenge.Holding)
				require.Equal(t, login == "jade", step.Challenge.Type == sdk.ChallengeImage)
				if login == "simone" {
					require.Contains(t, step.Challenge.Message["fr"], "Dans quelle ville")
				}
				wrong, err := w.next(theme, step, sdk.Secrets{"code": "000000"})
				require.NoError(t, err, login)
				require.NotEqual(t, step.Challenge.ID, wrong.Challenge.ID, login)
				require.Contains(t, wrong.Challenge.Message["fr"], "incorrect", login)
				ready, err := w.next(theme, wrong, answer)
				require.NoError(t, err, login)
				k, err := w.fetch(theme, ready.Ready)
				require.NoError(t, err, login)
				w.requireTrue(login, k)
			}
		})
	}
}

func TestChoices_and_approvals(t *testing.T) {
	t.Parallel()
	for _, theme := range themes {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			step, err := w.begin(theme, "alice")
			require.NoError(t, err)
			require.Equal(t, sdk.ChallengeOptions, step.Challenge.Type)
			require.Len(t, step.Challenge.Options, 2)
			step, err = w.next(theme, step, sdk.Secrets{"option": "mail"})
			require.NoError(t, err)
			step, err = w.next(theme, step, sdk.Secrets{"code": "246810"})
			require.NoError(t, err)
			require.NotNil(t, step.Ready)

			for _, option := range []string{"refuse", "approve"} { // what a page of the bank beside its site asks
				step, err = w.begin(theme, "emma")
				require.NoError(t, err)
				require.Equal(t, sdk.ChallengeOptions, step.Challenge.Type)
				require.Contains(t, step.Challenge.Message["en"], "Emma Clarke")
				step, err = w.next(theme, step, sdk.Secrets{"option": option})
				if option == "refuse" {
					requireCode(t, sdk.Refused, err)
					continue
				}
				require.NoError(t, err)
				require.NotNil(t, step.Ready)
			}

			for _, login := range []string{"hugo", "marius"} {
				step, err = w.begin(theme, login)
				require.NoError(t, err)
				require.Equal(t, sdk.ChallengeDecoupled, step.Challenge.Type)
				require.Equal(t, login == "marius", step.Challenge.Image != nil)
				waiting, err := w.next(theme, step, nil)
				require.NoError(t, err)
				require.Equal(t, step.Challenge.ID, waiting.Challenge.ID)
				open, _ := w.bank.Approvals(login)
				require.Len(t, open, 1)
				_, err = w.bank.Decide(open[0].ID, true)
				require.NoError(t, err)
				for n := 0; waiting.Ready == nil && n < 20; n++ {
					waiting, err = w.next(theme, step, nil)
					require.NoError(t, err)
				}
				require.NotNil(t, waiting.Ready, login)
			}
		})
	}
}

// With nobody there no code is sent: neither by a log-in that is not known, nor by going on from where the bank announces one.
func TestNobody_there(t *testing.T) {
	t.Parallel()
	for _, theme := range themes {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			alone := func(login string, secrets sdk.Bundle) (sdk.Step, error) {
				return w.provider.Begin(w.limited(), sdk.BeginRequest{Session: sessionOf("testbank-" + theme), Credentials: credentials(login), Secrets: secrets})
			}
			_, err := alone("paul", sdk.Bundle{})
			requireCode(t, sdk.ChallengeRequired, err)
			step, err := w.begin(theme, "paul")
			require.NoError(t, err)
			step, err = w.next(theme, step, sdk.Secrets{"code": "123456"})
			require.NoError(t, err)
			require.NotNil(t, step.Ready)
			again, err := alone("paul", step.Ready.Secrets)
			require.NoError(t, err, "the bank knows the browser")
			k, err := w.fetch(theme, again.Ready)
			require.NoError(t, err)
			w.requireTrue("paul", k)

			step, err = w.begin(theme, "oscar") // of whom the bank trusts no device
			require.NoError(t, err)
			step, err = w.next(theme, step, sdk.Secrets{"code": "654321"})
			require.NoError(t, err)
			require.NoError(t, w.provider.(sdk.Ender).End(w.limited(), sdk.EndRequest{Session: sessionOf("testbank-" + theme), State: step.Ready.State}))
			_, err = alone("oscar", step.Ready.Secrets)
			requireCode(t, sdk.ChallengeRequired, err)
			stats, _ := w.bank.Stats("oscar")
			require.Equal(t, 1, stats.CodesSent)
		})
	}
}

// A session that was closed for want of room goes on by what it left; a page that waits for its user is not closed for it.
func TestRoom(t *testing.T) {
	t.Parallel()
	w := open(t, "visits", "2")
	asked, err := w.begin("modern", "paul")
	require.NoError(t, err)
	first, err := w.begin("modern", "camille")
	require.NoError(t, err)
	_, err = w.begin("modern", "sofia")
	require.NoError(t, err)
	k, err := w.fetch("modern", first.Ready)
	require.NoError(t, err)
	w.requireTrue("camille", k)
	step, err := w.next("modern", asked, sdk.Secrets{"code": "123456"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)

	require.NoError(t, w.provider.(sdk.Ender).End(w.limited(), sdk.EndRequest{Session: sessionOf("testbank-modern"), State: first.Ready.State}))
	require.NoError(t, w.provider.(sdk.Ender).End(w.limited(), sdk.EndRequest{Session: sessionOf("testbank-modern"), State: first.Ready.State}))
	_, err = w.next("modern", asked, sdk.Secrets{"code": "123456"})
	require.Error(t, err)
}

// A page that breaks off is the bank's failure, told at once: what there is of it might be taken for all.
func TestFaults_of_the_bank(t *testing.T) {
	t.Parallel()
	for _, theme := range themes {
		t.Run(theme, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			step, err := w.begin(theme, "agathe")
			require.NoError(t, err)
			k, err := w.fetch(theme, step.Ready)
			require.NoError(t, err)
			require.Len(t, k.failed, len(k.accounts))
			require.NotEmpty(t, k.failed)
			for _, failed := range k.failed {
				require.Equal(t, sdk.ProviderUnavailable, failed.Failure.Code)
				var torn *browser.Unreachable
				require.ErrorAs(t, failed.Failure.Cause, &torn)
			}
		})
	}
}
