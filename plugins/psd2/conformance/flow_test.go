package conformance

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/berlin"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

const (
	redirect  = "sca: {approaches: [redirect]}"
	decoupled = "sca: {approaches: [decoupled, redirect], psu_id: required}"
	embedded  = "sca: {approaches: [embedded], psu_id: required}"
)

// flows are whole lives of a consent. Each gives the world in which it was played, with all that passed.
var flows = map[string]func(t *testing.T) *world{
	"redirect": func(t *testing.T) *world { return byRedirect(t, redirect) },
	"explicit start": func(t *testing.T) *world {
		return byRedirect(t, "sca: {approaches: [redirect], explicit_start: true}")
	},
	"balances with the list": func(t *testing.T) *world {
		return byRedirect(t, redirect+", accounts: {cards: true, with_balance: true}")
	},
	"tokens": byTokens, "refused": refused, "decoupled": byPhone, "embedded": byPassword, "methods": byMethod, "picture": byPicture,
	"quota": metered, "end of a consent": ended, "newer consent": replaced, "another company": another, "forbidden": forbidden,
	"token first": tokenFirst, "chosen accounts": chosen, "confirmed": func(t *testing.T) *world { return confirmed(t, "returned") },
	"camt.052": func(t *testing.T) *world { return reported(t, "camt", "camt") }, "camt.053": func(t *testing.T) *world { return reported(t, "camt053", "camt") },
	"mt940": func(t *testing.T) *world { return reported(t, "mt940", "mt940") }, "download": func(t *testing.T) *world { return reported(t, "download", "json") },
	"bank offered": bankOffered, "a list alone": listAlone, "absolute pages": func(t *testing.T) *world { return otherPages(t, "absolute") },
	"confirmed by hand": func(t *testing.T) *world { return confirmed(t, "shown") },
}

func TestFlows(t *testing.T) {
	t.Parallel()
	for name, play := range flows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := play(t)
			require.NotEmpty(t, w.tap.all())
			for _, e := range w.tap.all() {
				require.NotContains(t, string(e.received), "canary-password")
			}
		})
	}
}

// whole reads everything that plain has and says what it was.
func (w *world) whole(d *berlin.Dialect, ready *sdk.Ready) {
	w.t.Helper()
	s, err := w.fetch(d, ready, someone)
	require.NoError(w.t, err)
	require.Empty(w.t, itemsOf[sdk.AccountFailureItem](s))
	var told []string
	for _, item := range itemsOf[sdk.TransactionsItem](s) {
		for _, r := range item.Transactions {
			told = append(told, fmt.Sprint(r.Amount, " ", r.Status, " ", r.BookingDate, " ", r.Label, " ", r.Type))
		}
	}
	require.Equal(w.t, []string{
		"2.00 BOOKED 2026-03-13 two ", "-3.00 PENDING  three POINT_OF_SALE", "-1.00 BOOKED 2026-03-12 one DIRECT_DEBIT", "-0.50 BOOKED 2026-02-01 old ATM",
		"-12.30 BOOKED 2026-03-10 Shop POINT_OF_SALE",
	}, told)
	for _, a := range itemsOf[sdk.AccountItem](s) {
		require.NotEmpty(w.t, a.Account.Holder)
	}
	require.Len(w.t, itemsOf[sdk.BalancesItem](s), 2)
}

func byRedirect(t *testing.T, changes string) *world {
	t.Helper()
	w := open(t)
	d := w.as(company, changes)
	step := w.begin(d, nil)
	require.Equal(t, sdk.ChallengeRedirect, step.Challenge.Type)
	back := w.onPage(step.Challenge.URL, "plain", "approve")
	require.Equal(t, "s-1", back.Get("state"))
	require.Empty(t, back.Get("code"))
	done, err := w.next(d, step, sdk.Secrets{"state": "s-1"})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	require.Equal(t, "2026-09-10", done.Ready.Consent.ValidUntil.Format(time.DateOnly), "as long as the bank allows, and no longer")
	w.whole(d, done.Ready)
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: done.Ready.Secrets, Revoke: true}))
	_, err = w.fetch(d, done.Ready, nil)
	fails(t, sdk.TokenExpired, err)
	return w
}

func fails(t *testing.T, code sdk.Code, err error) *sdk.Failure {
	t.Helper()
	var failure *sdk.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, code, failure.Code, "%v", failure.Cause)
	return failure
}

// byTokens has the consent authorised by OAuth. A token that is over is renewed by Refresh alone, and a refresh token
// works once.
func byTokens(t *testing.T) *world {
	w := openWith(t, strings.Replace(bankFile, "{page_size: 2,", "{page_size: 2, oauth: integrated, token_life: 10m,", 1))
	d := w.as(company, redirect+", oauth: {kind: integrated}")
	step := w.begin(d, nil)
	back := w.onPage(w.follow(step.Challenge.URL), "plain", "approve")
	require.Equal(t, "s-1", back.Get("state"))
	_, err := w.next(d, step, sdk.Secrets{"code": "cod_guessed"})
	fails(t, sdk.ChallengeExpired, err)
	done, err := w.next(d, step, sdk.Secrets{"code": back.Get("code")})
	require.NoError(t, err)
	require.NotNil(t, done.Ready)
	_, err = w.next(d, step, sdk.Secrets{"code": back.Get("code")})
	fails(t, sdk.ChallengeExpired, err)
	w.whole(d, done.Ready)
	w.mu.Lock()
	w.now = w.now.Add(11 * time.Minute)
	w.mu.Unlock()
	_, err = w.fetch(d, done.Ready, nil)
	fails(t, sdk.SecretStale, err)
	renewed, err := d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: done.Ready.Secrets})
	require.NoError(t, err)
	w.whole(d, &renewed)
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: done.Ready.Secrets})
	fails(t, sdk.TokenExpired, err)
	w.mu.Lock()
	w.now = w.now.Add(11 * time.Minute)
	w.mu.Unlock()
	fails(t, sdk.SecretStale, d.End(t.Context(), sdk.EndRequest{Secrets: renewed.Secrets, Revoke: true}))
	renewed, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: renewed.Secrets})
	require.NoError(t, err)
	require.NoError(t, d.End(t.Context(), sdk.EndRequest{Secrets: renewed.Secrets, Revoke: true}))
	_, err = d.Refresh(t.Context(), sdk.RefreshRequest{Secrets: renewed.Secrets})
	fails(t, sdk.TokenExpired, err)

	step = w.begin(d, nil)
	back = w.onPage(w.follow(step.Challenge.URL), "plain", "refuse")
	_, err = w.next(d, step, sdk.Secrets{"error": back.Get("error")})
	fails(t, sdk.Refused, err)
	return w
}

func refused(t *testing.T) *world {
	w := open(t)
	d := w.as(company, redirect)
	step := w.begin(d, nil)
	back := w.onPage(step.Challenge.URL, "plain", "refuse")
	_, err := w.next(d, step, sdk.Secrets{"tpp_nok": back.Get("tpp_nok")})
	fails(t, sdk.Refused, err)
	step = w.begin(d, nil)
	still, err := w.next(d, step, sdk.Secrets{"state": "s-1"})
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeDecoupled, still.Challenge.Type, "a return before the bank's page is no yes")
	return w
}

func byPhone(t *testing.T) *world {
	w := open(t)
	d := w.as(company, decoupled)
	step := w.begin(d, sdk.Secrets{"psu_id": "phoned"})
	require.Equal(t, sdk.ChallengeDecoupled, step.Challenge.Type)
	var err error
	for range 3 {
		if step, err = w.next(d, step, nil); step.Ready != nil {
			break
		}
		require.NoError(t, err)
	}
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	return w
}

func byPassword(t *testing.T) *world {
	w := open(t)
	d := w.as(company, embedded)
	step := w.begin(d, sdk.Secrets{"psu_id": "texted"})
	require.Equal(t, sdk.FieldPassword, step.Challenge.Fields[0].Type)
	_, err := w.next(d, step, sdk.Secrets{"password": "wrong"})
	fails(t, sdk.AuthFailed, err)
	step = w.begin(d, sdk.Secrets{"psu_id": "texted"})
	step, err = w.next(d, step, sdk.Secrets{"password": "canary-password"})
	require.NoError(t, err)
	step, err = w.next(d, step, sdk.Secrets{"code": "000000"})
	require.NoError(t, err)
	require.Contains(t, step.Challenge.Message["en"], "wrong")
	step, err = w.next(d, step, sdk.Secrets{"code": "123456"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	return w
}

func byMethod(t *testing.T) *world {
	w := open(t)
	d := w.as(company, embedded)
	step := w.begin(d, sdk.Secrets{"psu_id": "chooser"})
	step, err := w.next(d, step, sdk.Secrets{"password": "canary-password"})
	require.NoError(t, err)
	require.Equal(t, "sms", step.Challenge.Options[0].Value)
	step, err = w.next(d, step, sdk.Secrets{"option": "mail"})
	require.NoError(t, err)
	step, err = w.next(d, step, sdk.Secrets{"code": "1234"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	return w
}

func byPicture(t *testing.T) *world {
	w := open(t)
	d := w.as(company, embedded)
	step := w.begin(d, sdk.Secrets{"psu_id": "reader"})
	step, err := w.next(d, step, sdk.Secrets{"password": "canary-password"})
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeImage, step.Challenge.Type)
	step, err = w.next(d, step, sdk.Secrets{"code": "4711"})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	return w
}

// agreed is a consent that a customer gave on the page.
func (w *world) agreed(d *berlin.Dialect, login string) *sdk.Ready {
	w.t.Helper()
	step := w.begin(d, nil)
	w.onPage(step.Challenge.URL, login, "approve")
	done, err := w.next(d, step, sdk.Secrets{"state": "s-1"})
	require.NoError(w.t, err)
	require.NotNil(w.t, done.Ready)
	return done.Ready
}

func metered(t *testing.T) *world {
	w := open(t)
	d := w.as(company, redirect+", accounts: {cards: false}")
	ready := w.agreed(d, "metered")
	_, err := w.fetch(d, ready, nil)
	require.NoError(t, err)
	_, err = w.fetch(d, ready, someone)
	require.NoError(t, err, "the customer is there: nothing is counted")
	_, err = w.fetch(d, ready, nil)
	failure := fails(t, sdk.RateLimited, err)
	require.WithinDuration(t, w.clock().Add(24*time.Hour), failure.RetryAt, time.Minute)
	require.NotContains(t, fmt.Sprint(failure.Message), "canary")
	return w
}

func ended(t *testing.T) *world {
	w := open(t)
	d := w.as(company, redirect)
	ready := w.agreed(d, "weekly")
	w.bank.MoveClock(8 * 24 * time.Hour)
	_, err := w.fetch(d, ready, nil)
	fails(t, sdk.TokenExpired, err)
	step, err := d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, Secrets: ready.Secrets, ReturnURL: returnURL, ReturnState: "s"})
	require.NoError(t, err)
	require.Equal(t, sdk.ChallengeRedirect, step.Challenge.Type, "it is asked for anew")
	return w
}

// A newer consent ends the older one of the same company and customer.
func replaced(t *testing.T) *world {
	w := open(t)
	d := w.as(company, redirect)
	older := w.agreed(d, "plain")
	newer := w.agreed(d, "plain")
	_, err := w.fetch(d, older, nil)
	fails(t, sdk.TokenExpired, err)
	w.whole(d, newer)
	return w
}

func another(t *testing.T) *world {
	w := open(t)
	ready := w.agreed(w.as(company, redirect), "plain")
	other := company
	other.ID = "PSDDE-BAFIN-99"
	before := len(w.tap.all())
	_, err := w.fetch(w.as(other, redirect), ready, nil)
	require.Equal(t, sdk.Host, fails(t, sdk.Technical, err).Whose)
	require.Len(t, w.tap.all(), before, "the bank is not asked, whose word would be that for a consent that is over")
	ready.Secrets.Data = bytes.Replace(ready.Secrets.Data, []byte(company.ID), []byte(other.ID), 1)
	_, err = w.fetch(w.as(other, redirect), ready, nil)
	fails(t, sdk.TokenExpired, err)
	return w
}

// What a third party may not be is refused by the bank, and is the operator's to mend.
func forbidden(t *testing.T) *world {
	w := open(t)
	wrong := company
	wrong.Roles = []eidas.Role{eidas.PaymentInitiation}
	d := w.as(wrong, redirect)
	_, err := d.Begin(t.Context(), sdk.BeginRequest{PSU: someone, ReturnURL: returnURL, ReturnState: "s"})
	require.Equal(t, sdk.Host, fails(t, sdk.Technical, err).Whose)
	for _, ask := range []string{"/xs2a/v1/consents/x", "/xs2a/v1/accounts"} {
		response, err := w.http.Get(w.base + ask) //nolint:noctx // a call without certificate
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusBadRequest, response.StatusCode, "no X-Request-ID")
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+ask, nil)
		require.NoError(t, err)
		request.Header.Set("X-Request-ID", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721")
		response, err = w.http.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusUnauthorized, response.StatusCode, "no certificate")
	}
	return w
}
