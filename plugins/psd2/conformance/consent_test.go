package conformance

import (
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/testbank/bank"
)

func bankWith(settings string) string {
	return strings.Replace(bankFile, "{page_size: 2,", "{page_size: 2, "+settings+",", 1)
}

// tokenFirst is OAuth before the consent: a bank that wants it refuses who comes without, and the token of one customer
// opens nothing of another.
func tokenFirst(t *testing.T) *world {
	w := openWith(t, bankWith("oauth: pre-step"))
	_, err := w.as(company, redirect).Begin(t.Context(), sdk.BeginRequest{PSU: someone, ReturnURL: returnURL, ReturnState: "s-1"})
	fails(t, sdk.TokenExpired, err)
	d := w.as(company, redirect+`, oauth: {kind: pre-step, authorization: "`+w.base+`/xs2a/authorize", token: "`+w.base+`/xs2a/token", scope: AIS}`)
	step := w.begin(d, nil)
	at, err := url.Parse(step.Challenge.URL)
	require.NoError(t, err)
	require.Equal(t, "S256", at.Query().Get("code_challenge_method"))
	back := w.onPage(w.follow(step.Challenge.URL), "plain", "approve")
	require.Equal(t, "s-1", back.Get("state"))
	step, err = w.next(d, step, sdk.Secrets{"code": back.Get("code")})
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeRedirect, step.Challenge.Type, "the consent is still to be given")
	_, text := w.post(step.Challenge.URL, url.Values{})
	require.Contains(t, text, "Choose the accounts", "the customer is known already")
	back = w.approves(step.Challenge.URL)
	require.Equal(t, "s-2", back.Get("state"))
	done, err := w.next(d, step, sdk.Secrets{"state": "s-2"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	w.whole(d, done.Ready)
	renewed, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: done.Ready.Secrets})
	require.NoError(t, err)
	w.whole(d, &renewed)
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: renewed.Secrets, Revoke: true}))
	return w
}

// approves agrees to all accounts of a page where the customer is known.
func (w *world) approves(page string) url.Values {
	w.t.Helper()
	_, text := w.post(page, url.Values{})
	form := url.Values{"decision": {"approve"}}
	for _, found := range hidden.FindAllStringSubmatch(text, -1) {
		form.Add("accounts", found[1])
	}
	at, _ := w.post(page, form)
	address, err := url.Parse(at)
	require.NoError(w.t, err)
	return address.Query()
}

// chosen is a consent for accounts by their IBAN: the bank shows no others.
func chosen(t *testing.T) *world {
	w := open(t)
	d := w.as(company, redirect+", consent: {model: detailed}")
	step := w.begin(d, sdk.Secrets{"ibans": "fr76 9999 1004 2000 0001 0010 180"})
	w.onPage(step.Challenge.URL, "plain", "approve")
	done, err := w.next(d, step, sdk.Secrets{"state": "s-1"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	require.Equal(t, []string{"FR7699991004200000010010180"}, done.Ready.Consent.Accounts)
	s, err := w.fetch(d, done.Ready, someone)
	require.NoError(t, err)
	accounts := itemsOf[sdk.AccountItem](s)
	require.Len(t, accounts, 1, "the card was not asked for")
	require.Equal(t, "Current", accounts[0].Account.Name)
	return w
}

// bankOffered leaves it to the customer which accounts there are, on the bank's page.
func bankOffered(t *testing.T) *world {
	w := open(t)
	d := w.as(company, redirect+", consent: {model: bank-offered}")
	w.whole(d, w.agreed(d, "plain"))
	return w
}

// listAlone is a consent for a list of the accounts: with balances in it or without, and nothing else is asked for.
func listAlone(t *testing.T) *world {
	w := open(t)
	for _, changes := range []string{", accounts: {cards: true}", ", accounts: {cards: true, with_balance: true}"} {
		d := w.as(company, redirect+", consent: {model: available-accounts}"+changes)
		ready := w.agreed(d, "plain")
		w.tap.since()
		s, err := w.fetch(d, ready, someone)
		require.NoError(t, err)
		require.Len(t, itemsOf[sdk.AccountItem](s), 2)
		require.Equal(t, list, w.tap.since())
		other := w.as(company, redirect)
		_, err = w.fetch(other, ready, someone)
		fails(t, sdk.TokenExpired, err) // the bank shows no more than that: another consent is needed
	}
	return w
}

// otherPages has the bank name its pages in another way, and begin each with the last row of the page before.
func otherPages(t *testing.T, links string) *world {
	w := openWith(t, bankWith("feed: {links: "+links+", repeat_last_row: true}"))
	d := w.as(company, redirect)
	w.whole(d, w.agreed(d, "plain"))
	return w
}

var shownCode = regexp.MustCompile(`id="confirmation">([^<]+)<`)

// confirmed is a consent that counts only once its third party has brought a code, which the browser brings or the user.
func confirmed(t *testing.T, how string) *world {
	w := openWith(t, bankWith("confirmation: "+how))
	d := w.as(company, redirect)
	for _, wrong := range []bool{true, false} {
		step := w.begin(d, nil)
		_, text := w.post(step.Challenge.URL, url.Values{"login": {"plain"}, "password": {"canary-password"}})
		form := url.Values{"decision": {"approve"}}
		for _, found := range hidden.FindAllStringSubmatch(text, -1) {
			form.Add("accounts", found[1])
		}
		at, page := w.post(step.Challenge.URL, form)
		address, err := url.Parse(at)
		require.NoError(t, err)
		code := address.Query().Get("confirmationCode")
		done, err := w.next(d, step, sdk.Secrets{"state": "s-1"})
		require.NoError(t, err)
		require.NotNil(t, done.Challenge, "not confirmed yet")
		require.Equal(t, sdk.ChallengeForm, done.Challenge.Type)
		if how == "shown" {
			require.Empty(t, code)
			code = shownCode.FindStringSubmatch(page)[1]
		}
		if wrong {
			_, err = w.next(d, done, sdk.Secrets{"confirmation_code": "00000000"})
			fails(t, sdk.Refused, err)
			continue
		}
		if how == "returned" {
			done, err = w.next(d, step, sdk.Secrets{"confirmationCode": code})
		} else {
			done, err = w.next(d, done, sdk.Secrets{"confirmation_code": code})
		}
		require.NoError(t, err)
		require.NotNil(t, done.Ready)
		w.whole(d, done.Ready)
	}
	return w
}

// Consents of third parties outlive the bank where somebody keeps them; a refresh token from before works once.
func TestARestartOfTheBank(t *testing.T) {
	t.Parallel()
	file := bankWith("oauth: integrated")
	before, kept := openWith(t, file), map[string]bank.Kept{}
	before.keep(file, kept, nil)
	d := before.as(company, redirect+", oauth: {kind: integrated}")
	agree := func() *sdk.Ready {
		step := before.begin(d, nil)
		back := before.onPage(before.follow(step.Challenge.URL), "plain", "approve")
		done, err := before.next(d, step, sdk.Secrets{"code": back.Get("code")})
		require.NoError(t, err)
		return done.Ready
	}
	older, ready := agree(), agree()
	require.Len(t, kept, 2)
	before.keep(file, kept, kept)
	_, err := before.fetch(d, ready, nil)
	fails(t, sdk.SecretStale, err)
	renewed, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	require.NoError(t, err)
	before.whole(d, &renewed)
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: ready.Secrets})
	fails(t, sdk.TokenExpired, err)
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: older.Secrets})
	fails(t, sdk.TokenExpired, err)
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: renewed.Secrets, Revoke: true}))
	before.keep(file, kept, kept)
	_, err = before.fetch(d, &renewed, nil)
	fails(t, sdk.TokenExpired, err)
}
