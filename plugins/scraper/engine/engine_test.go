package engine_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/scraper/browser"
	"github.com/tributary-dev/tributary/plugins/scraper/engine"
	"github.com/tributary-dev/tributary/plugins/scraper/recipe"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// pool is one Chromium for all tests of the package.
var pool *browser.Pool

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "en-")
	if err == nil {
		err = os.Chmod(folder, 0o755) //nolint:gosec // Chromium runs as another user
	}
	if err != nil {
		panic(err)
	}
	pool = browser.New(browser.Settings{Folder: folder})
	code := m.Run()
	pool.Close()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// world is a bank and its recipe.
type world struct {
	t    *testing.T
	bank *paper
	now  time.Time
	conf engine.Config
}

func open(t *testing.T) *world {
	t.Helper()
	text, err := os.ReadFile("testdata/paper.yaml")
	require.NoError(t, err)
	r, err := recipe.Parse("paper.yaml", text)
	require.NoError(t, err)
	w := &world{t: t, bank: newPaper(t), now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	w.conf = engine.Config{Recipe: r, Settings: map[string]string{"base_url": w.bank.URL}, Pool: pool, Now: func() time.Time { return w.now }}
	return w
}

func (w *world) session(login string, change ...func(*engine.Opening)) *engine.Session {
	w.t.Helper()
	o := engine.Opening{Credentials: sdk.Secrets{"login": login, "password": "s3cret-é"}, Attended: true}
	for _, f := range change {
		f(&o)
	}
	s, err := engine.Open(w.t.Context(), w.conf, o)
	require.NoError(w.t, err)
	w.t.Cleanup(s.Close)
	return s
}

// entered is a session that is home.
func (w *world) entered(login string) *engine.Session {
	w.t.Helper()
	s := w.session(login)
	asked, err := s.Enter(w.t.Context())
	require.NoError(w.t, err)
	require.Nil(w.t, asked)
	return s
}

func requireCode(t *testing.T, code sdk.Code, err error) *sdk.Failure {
	t.Helper()
	var failure *sdk.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, code, failure.Code, "%v", failure.Cause)
	return failure
}

// kept is a sink.
type kept struct {
	accounts map[string]sdk.Account
	balances map[string][]sdk.Balance
	rows     map[string][]sdk.Transaction
	done     map[string]sdk.AccountDoneItem
	failed   map[string]sdk.AccountFailureItem
}

func (k *kept) Send(item sdk.Item) error {
	switch i := item.(type) {
	case sdk.AccountItem:
		k.accounts[i.Account.Ref] = i.Account
	case sdk.BalancesItem:
		k.balances[i.Account] = i.Balances
	case sdk.TransactionsItem:
		k.rows[i.Account] = append(k.rows[i.Account], i.Transactions...)
	case sdk.AccountDoneItem:
		k.done[i.Account] = i
	case sdk.AccountFailureItem:
		k.failed[i.Account] = i
	}
	return nil
}

func (w *world) fetch(s *engine.Session, from sdk.Day) *kept {
	w.t.Helper()
	k := w.fetchUntil(s, from, "2026-03-01")
	for _, f := range k.failed {
		w.t.Errorf("%s %s: %v", f.Account, f.Failure.Code, f.Failure.Cause)
	}
	return k
}

func (w *world) fetchUntil(s *engine.Session, from, to sdk.Day) *kept {
	w.t.Helper()
	k := &kept{map[string]sdk.Account{}, map[string][]sdk.Balance{}, map[string][]sdk.Transaction{}, map[string]sdk.AccountDoneItem{}, map[string]sdk.AccountFailureItem{}}
	require.NoError(w.t, s.Fetch(w.t.Context(), sdk.FetchRequest{Mode: sdk.FetchAll, Window: sdk.Window{Default: from, To: to}}, k))
	return k
}

func TestReading(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.entered("plain")
	k := w.fetch(s, "2026-02-15")
	require.Len(t, k.accounts, 5)
	current := k.accounts["account-c1"]
	require.Equal(t, []any{"c1", "Compte courant 1111 voir", "1111", sdk.Checkings, "EUR"}, []any{current.BankID, current.Name, current.Number, current.Type, current.Currency})
	require.Equal(t, "1234.56", k.balances["account-c1"][0].Amount)
	require.Equal(t, "-42.10", k.balances["account-k1"][0].Amount)
	rows := k.rows["account-c1"]
	require.Len(t, rows, 14, "from the 28th down to the 15th")
	require.Equal(t, []any{"0", "-1.50", "EUR", sdk.Day("2026-02-28"), sdk.Booked, sdk.TypeATM}, []any{rows[0].BankID, rows[0].Amount, rows[0].Currency, rows[0].BookingDate, rows[0].Status, rows[0].Type})
	require.Equal(t, "RETRAIT 0\nrue", rows[0].Label)
	require.Empty(t, k.rows["account-c2"])
	require.Equal(t, sdk.AccountDoneItem{Account: "account-c2", From: "2026-02-15", To: "2026-03-01"}, k.done["account-c2"])
	require.Empty(t, k.rows["account-l1"])

	k = w.fetch(s, "")
	require.Len(t, k.rows["account-c1"], 30)
	require.Equal(t, "12.5 -2", k.rows["account-s1"][0].Amount+" "+k.rows["account-s1"][1].Amount)
	require.Equal(t, "-12.00 5.00", k.rows["account-k1"][0].Amount+" "+k.rows["account-k1"][1].Amount)
	require.Len(t, k.rows["account-l1"], 4, "what a button adds is read once")
	require.Equal(t, sdk.Day("2025-11-01"), k.rows["account-l1"][3].BookingDate)
}

// Rows of a page that broke off look like all that there are: none is told.
func TestPage_that_breaks_off(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.entered("plain")
	w.bank.mu.Lock()
	w.bank.breaks = true
	w.bank.mu.Unlock()
	k := w.fetchUntil(s, "", "2026-03-01")
	failed := k.failed["account-c1"].Failure
	require.Equal(t, sdk.ProviderUnavailable, failed.Code, "%v", failed.Cause)
	require.Empty(t, k.rows["account-c1"])
	require.Len(t, k.rows["account-s1"], 2, "the next account is read")
}

func TestPages_mean_what_they_mean(t *testing.T) {
	t.Parallel()
	for login, code := range map[string]sdk.Code{
		"locked": sdk.AccountLocked, "change": sdk.PasswordChangeRequired, "closed": sdk.ProviderUnavailable, "wall": sdk.Blocked, "odd": sdk.BadData,
	} {
		t.Run(login, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			_, err := w.session(login).Enter(t.Context())
			failure := requireCode(t, code, err)
			if login == "closed" {
				require.Equal(t, "En maintenance jusqu'à midi", failure.Message["fr"])
			}
		})
	}
	w := open(t)
	w.entered("terms")
}

func TestWrong_credentials_are_given_once(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.session("plain", func(o *engine.Opening) { o.Credentials["password"] = "hunter22" })
	_, err := s.Enter(t.Context())
	failure := requireCode(t, sdk.AuthFailed, err)
	require.Equal(t, []string{"login", "password"}, failure.Fields)
	require.Equal(t, "Mot de passe … incorrect", failure.Message["fr"], "a page that repeats a secret")
	require.Equal(t, 1, w.bank.logins)
}

func TestCode(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.session("texted")
	asked, err := s.Enter(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Code envoyé au ** ** 12 34", asked.Message["fr"])
	require.Equal(t, sdk.Live, asked.Holding)
	require.Equal(t, w.now.Add(5*time.Minute), asked.ExpiresAt)
	require.Equal(t, &sdk.Resend{Left: 1, AvailableAt: w.now.Add(30 * time.Second)}, asked.Resend)

	early, err := s.Continue(t.Context(), engine.Answer{Challenge: asked.ID, Resend: true})
	require.NoError(t, err)
	require.Equal(t, asked, early)
	w.now = w.now.Add(time.Minute)
	again, err := s.Continue(t.Context(), engine.Answer{Challenge: asked.ID, Resend: true})
	require.NoError(t, err)
	require.Equal(t, asked.ID, again.ID)
	require.Zero(t, again.Resend.Left)
	require.Equal(t, 2, w.bank.codes())

	wrong, err := s.Continue(t.Context(), engine.Answer{Challenge: asked.ID, Answers: sdk.Secrets{"code": "000000"}})
	require.NoError(t, err)
	require.NotEqual(t, asked.ID, wrong.ID)
	require.Contains(t, wrong.Message["fr"], "Code faux")
	_, err = s.Continue(t.Context(), engine.Answer{Challenge: asked.ID, Answers: sdk.Secrets{"code": "123456"}})
	requireCode(t, sdk.ChallengeExpired, err)
	home, err := s.Continue(t.Context(), engine.Answer{Challenge: wrong.ID, Answers: sdk.Secrets{"code": "123456"}})
	require.NoError(t, err)
	require.Nil(t, home)

	// The next run is alone, and known.
	left, err := s.Leave(t.Context())
	require.NoError(t, err)
	alone := w.session("texted", func(o *engine.Opening) { o.Attended, o.Left = false, &left })
	asked, err = alone.Enter(t.Context())
	require.NoError(t, err)
	require.Nil(t, asked)
	require.Equal(t, 2, w.bank.codes())
}

func TestNobody_there_is_never_asked(t *testing.T) {
	t.Parallel()
	w := open(t)
	alone := func(o *engine.Opening) { o.Attended = false }
	_, err := w.session("texted", alone).Enter(t.Context())
	requireCode(t, sdk.ChallengeRequired, err)
	require.Zero(t, w.bank.logins, "not even the log-in, which would have a code sent")
	_, err = w.session("choice", alone, func(o *engine.Opening) { o.Left = &engine.Left{} }).Enter(t.Context())
	requireCode(t, sdk.ChallengeRequired, err)
	require.Zero(t, w.bank.codes())
}

func TestChoice_and_approval(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.session("choice")
	asked, err := s.Enter(t.Context())
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeOptions, asked.Type)
	require.Equal(t, []sdk.Choice{{Value: "sms", Label: sdk.Text{"en": "SMS au ** 34"}}, {Value: "app", Label: sdk.Text{"en": "Application"}}}, asked.Options)
	next, err := s.Continue(t.Context(), engine.Answer{Challenge: asked.ID, Answers: sdk.Secrets{"option": "sms"}})
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeForm, next.Type)

	s = w.session("approve")
	asked, err = s.Enter(t.Context())
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeDecoupled, asked.Type)
	polled := asked
	for range 40 {
		if polled, err = s.Continue(t.Context(), engine.Answer{Challenge: asked.ID, Poll: true}); polled == nil {
			break
		}
		require.Equal(t, asked.ID, polled.ID)
	}
	require.NoError(t, err)
	require.Nil(t, polled)
}

func TestQuestion_has_a_deadline(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.session("texted")
	asked, err := s.Enter(t.Context())
	require.NoError(t, err)
	w.now = asked.ExpiresAt
	_, err = s.Continue(t.Context(), engine.Answer{Challenge: asked.ID, Answers: sdk.Secrets{"code": "123456"}})
	requireCode(t, sdk.ChallengeExpired, err)
}

func TestSession_that_the_bank_ends_is_entered_once_more(t *testing.T) {
	t.Parallel()
	w := open(t)
	s := w.entered("plain")
	w.bank.mu.Lock()
	w.bank.expires = true
	w.bank.mu.Unlock()
	require.Len(t, w.fetch(s, "2026-02-20").rows["account-c1"], 9)
	require.Equal(t, 2, w.bank.logins)
}

func TestKeypad_in_a_frame(t *testing.T) {
	t.Parallel()
	for _, keys := range []string{"/framed", "/framed-linked", "/framed-slow", "/framed-inattentive"} {
		t.Run(keys, func(t *testing.T) {
			t.Parallel()
			w := open(t)
			w.conf.Recipe.Start = recipe.Template("{{ settings.base_url }}" + keys)
			s := w.session("plain", func(o *engine.Opening) { o.Credentials["password"] = "1234567" })
			asked, err := s.Enter(t.Context())
			require.NoError(t, err)
			require.Nil(t, asked)
		})
	}
}

// A wrong code is never sent because the page did not take a key: the user has few attempts.
func TestKeypad_that_does_not_take_a_key(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.conf.Recipe.Start = "{{ settings.base_url }}/framed-deaf"
	s := w.session("plain", func(o *engine.Opening) { o.Credentials["password"] = "1234567" })
	_, err := s.Enter(t.Context())
	requireCode(t, sdk.BadData, err)
	var stuck *engine.Stuck
	require.ErrorAs(t, err, &stuck)
	require.Contains(t, stuck.Wanted, "#marks shows no mark")
	require.Zero(t, w.bank.logins)
}

func TestFlags_keep_ids(t *testing.T) {
	t.Parallel()
	w := open(t)
	before := w.session("plain", func(o *engine.Opening) { o.Left = &engine.Left{} })
	_, err := before.Enter(t.Context())
	require.NoError(t, err)
	require.Equal(t, "2026-0", w.fetch(before, "2026-02-28").rows["account-c1"][0].BankID, "a connection that began before the flag")
	left, err := before.Leave(t.Context())
	require.NoError(t, err)
	require.Empty(t, left.Flags)
	left, err = w.entered("plain").Leave(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"short-ids"}, left.Flags)
}
