package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

const guestFile = `personas:
  - {login: plain, password: canary-password, holder: Guest, challenge: {kind: sms_code, code: "9876"}}
accounts:
  - {ref: guest, owner: plain, type: CHECKINGS, name: Current, number: "1", currency: EUR, balance: 7.00}
`

func (w *world) configure(id string) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPut, w.url+"/api/admin/configurations/"+id, strings.NewReader(guestFile))
	require.NoError(w.t, err)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	require.NoError(w.t, answer.Body.Close())
	require.Equal(w.t, http.StatusCreated, answer.StatusCode)
}

// onlyGuest wants the one account of the guest's bank.
func onlyGuest(t *testing.T, s *sink, err error) {
	t.Helper()
	require.NoError(t, err)
	accounts := itemsOf[sdk.AccountItem](s)
	require.Len(t, accounts, 1)
	require.Equal(t, "guest", accounts[0].Account.BankID)
	require.Len(t, itemsOf[sdk.AccountDoneItem](s), 1)
}

func TestConfiguration_chooses_the_bank_of_the_portal(t *testing.T) {
	t.Parallel()
	w := launched(t)
	w.configure("cfg_1")
	login := credentials("plain")
	login["configuration"] = "cfg_1"
	asked, err := w.provider.Begin(w.limited(), sdk.BeginRequest{Session: embedded, PSU: someone, Credentials: login})
	require.NoError(t, err)
	done, err := w.next(embedded, asked, sdk.Secrets{"code": "9876"})
	require.NoError(t, err)
	s, err := w.fetch(w.limited(), embedded, *done.Ready, nil)
	onlyGuest(t, s, err)
	require.NoError(t, w.provider.(sdk.Ender).End(w.limited(), sdk.EndRequest{Session: embedded, State: done.Ready.State}))
	_, err = w.fetch(w.limited(), embedded, *done.Ready, nil)
	failsWith(t, sdk.SessionLost, err)
}

func TestConfiguration_chooses_the_bank_of_a_consent(t *testing.T) {
	t.Parallel()
	w := launched(t)
	w.configure("cfg_1")
	begin := func(configuration string, kept sdk.Bundle) sdk.Step {
		step, err := w.provider.Begin(w.limited(), sdk.BeginRequest{
			Session: redirect, PSU: someone, Credentials: sdk.Secrets{"configuration": configuration}, Secrets: kept,
			ReturnURL: "https://us.example/connect/return", ReturnState: "st1",
		})
		require.NoError(t, err)
		return step
	}
	asked := begin("cfg_1", sdk.Bundle{})
	page := asked.Challenge.URL
	require.True(t, strings.HasPrefix(page, w.url+"/b/cfg_1/"))
	post(t, page, url.Values{"login": {"plain"}, "password": {"canary-password"}})
	post(t, page, url.Values{"code": {"9876"}})
	done, err := w.next(redirect, asked, answersOf(t, post(t, page, url.Values{"decision": {"approve"}, "accounts": {"guest"}})))
	require.NoError(t, err)
	renewed, err := w.provider.(sdk.Refresher).Refresh(w.limited(), sdk.RefreshRequest{Session: redirect, Secrets: done.Ready.Secrets})
	require.NoError(t, err)
	s, err := w.fetch(w.limited(), redirect, renewed, nil)
	onlyGuest(t, s, err)
	require.NotNil(t, begin("cfg_1", renewed.Secrets).Ready)
	require.NotNil(t, begin("", renewed.Secrets).Challenge, "tokens of another bank are none")
	require.NoError(t, w.provider.(sdk.Ender).End(w.limited(), sdk.EndRequest{Session: redirect, Secrets: renewed.Secrets, Revoke: true}))
	_, err = w.fetch(w.limited(), redirect, renewed, nil)
	failsWith(t, sdk.TokenExpired, err)
}

func TestConfiguration_that_is_none_is_named(t *testing.T) {
	t.Parallel()
	w := open(t)
	for _, bad := range []string{"cfg_2", "..", "canary/../x", "a b"} {
		for _, session := range []sdk.Session{embedded, redirect} {
			login := credentials("plain")
			login["configuration"] = bad
			_, err := w.provider.Begin(w.limited(), sdk.BeginRequest{Session: session, PSU: someone, Credentials: login})
			require.Equal(t, []string{"configuration"}, failsWith(t, sdk.AuthFailed, err).Fields)
		}
	}
}
