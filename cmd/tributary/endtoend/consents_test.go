package endtoend

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestConsents_over_two_hundred_days proves R15 with real processes: a consent
// from its beginning to its end, with a clock that jumps and a server that is
// killed. The bank itself counts what it is asked.
func TestConsents_over_two_hundred_days(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(*testing.T) options{
		"SQLite":     func(*testing.T) options { return options{} },
		"PostgreSQL": func(t *testing.T) options { return options{databaseURL: startDatabase(t).url} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := open(t)
			o.bank = startBank(t, plain("anna"))
			a := &agreement{drama: &drama{bank: o.bank, links: map[string]link{}}, sandbox: startSandbox(t, o)}
			a.staff = a.sandbox.asClient(t)
			a.user = a.staff.enrol(t, "ana")
			a.begin(t)
			books := a.books(t)
			a.isTold(t)
			a.keepsThroughACancelledRenewal(t)
			a.ends(t)
			a.renew(t)
			require.Subset(t, a.books(t), books, "accounts and rows keep their ids")
			a.revoke(t)
		})
	}
}

// agreement is one connection with its consent.
type agreement struct {
	*drama
	sandbox *sandbox
	link    link
	until   time.Time
}

// begin connects, with the customer there.
func (a *agreement) begin(t *testing.T) {
	a.link = a.user.connectTo(t, "testbank", redirect, nil)
	a.agree(t)
	consent := a.own(t)
	require.Equal(t, "ACTIVE", consent.text(t, ".status"))
	require.Equal(t, "client-agreement", consent.text(t, ".terms.version"))
	until, err := time.Parse(time.RFC3339, consent.text(t, ".valid_until"))
	require.NoError(t, err)
	a.until = until
}

// agree goes to the bank's page for the run that asks for it.
func (a *agreement) agree(t *testing.T) {
	t.Helper()
	a.consent(t, step{Login: "anna", Password: "anna-pass1"}, a.link.asked(t, "").text(t, ".url"))
	a.link.succeeds(t)
}

// own is the consent that the channel names.
func (a *agreement) own(t *testing.T) answer {
	t.Helper()
	id := a.link.look(t).text(t, ".channels[0].consent_id")
	return a.staff.get(t, "/v1/consents/"+id).want(t, http.StatusOK)
}

func (a *agreement) books(t *testing.T) (ids []string) {
	t.Helper()
	for _, list := range []string{"/v1/accounts", "/v1/transactions?status=BOOKED"} {
		for _, thing := range a.user.every(t, list) {
			ids = append(ids, plainText(thing["id"]))
		}
	}
	require.NotEmpty(t, ids)
	return ids
}

// isTold goes to each notice, looks several times, and lets the server die.
func (a *agreement) isTold(t *testing.T) {
	t.Helper()
	for i, days := range []int{30, 14, 7, 1} {
		a.travel(t, a.until.AddDate(0, 0, -days))
		a.tells(t, "consent.expiring", i+1)
		if days == 14 {
			a.sandbox.kill(t)
			a.sandbox.restart(t)
		}
		a.travel(t, a.until.AddDate(0, 0, -days).Add(time.Hour))
	}
	var told []any
	for _, e := range a.staff.facts(t) {
		if e.Name == "consent.expiring" {
			told = append(told, e.Data["days"])
		}
	}
	require.EqualValues(t, []any{30., 14., 7., 1.}, told)
}

func (a *agreement) travel(t *testing.T, at time.Time) {
	t.Helper()
	a.staff.post(t, "/v1/sandbox/clock", map[string]any{"now": at.UTC().Format(time.RFC3339)}).want(t, http.StatusOK)
}

// tells waits until an event was told so often.
func (a *agreement) tells(t *testing.T, name string, times int) {
	t.Helper()
	eventually(t, patience, name+" is not told", func() bool {
		count := 0
		for _, e := range a.staff.facts(t) {
			if e.Name == name {
				count++
			}
		}
		require.LessOrEqual(t, count, times, name)
		return count == times
	})
}

// start begins a run; the daily one may be at work.
func (a *agreement) start(t *testing.T, by caller, path string) {
	t.Helper()
	eventually(t, patience, "no run begins", func() bool {
		began := by.post(t, path, nil)
		if began.status == http.StatusConflict {
			return false
		}
		a.link.run = began.want(t, http.StatusAccepted).text(t, ".id")
		return true
	})
}

func (a *agreement) keepsThroughACancelledRenewal(t *testing.T) {
	t.Helper()
	before := a.own(t)
	a.start(t, a.user, "/v1/consents/"+before.text(t, ".id")+"/renew")
	a.link.asked(t, "")
	a.user.post(t, "/v1/synchronizations/"+a.link.run+"/cancel", nil).want(t, http.StatusOK)
	require.JSONEq(t, string(before.body), string(a.own(t).body))
	a.start(t, a.staff, "/v1/connections/"+a.link.id+"/synchronizations")
	a.link.succeeds(t)
}

// ends lets the day come, and asks on and on afterwards.
func (a *agreement) ends(t *testing.T) {
	t.Helper()
	a.travel(t, a.until)
	a.tells(t, "consent.expired", 1)
	var channel answer
	eventually(t, patience, "the run does not end", func() bool { // the daily one may be at work
		channel = a.link.look(t)
		return channel.text(t, ".channels[0].status") != "RUNNING"
	})
	require.Equal(t, "TOKEN_EXPIRED", channel.text(t, ".channels[0].status"))
	require.Equal(t, "REAUTHENTICATE", channel.text(t, ".channels[0].required_action.type"))
	asked := a.bank.stats(t, "anna")
	require.NotEmpty(t, asked)
	a.bank.hold(t, "/redirect", 0) // what comes there is caught
	for day := range 20 {
		a.travel(t, a.until.AddDate(0, 0, day))
		if day%5 == 0 {
			a.failing(t, a.staff)
		}
	}
	require.Zero(t, a.bank.waiting(t).Waiting, "the bank was asked after the consent had ended")
	a.bank.release(t)
	require.Equal(t, asked, a.bank.stats(t, "anna"), "the bank was asked after the consent had ended")
}

// failing asks for a run that no consent covers.
func (a *agreement) failing(t *testing.T, by caller) {
	t.Helper()
	a.start(t, by, "/v1/connections/"+a.link.id+"/synchronizations")
	require.Equal(t, "TOKEN_EXPIRED", a.link.until(t, "FAILED").text(t, ".error.code"))
}

func (a *agreement) renew(t *testing.T) {
	t.Helper()
	before := a.own(t).text(t, ".id")
	a.start(t, a.user, "/v1/consents/"+before+"/renew")
	a.agree(t)
	after := a.own(t)
	require.Equal(t, before, after.text(t, ".replaces"))
	require.Equal(t, "ACTIVE", after.text(t, ".status"))
}

func (a *agreement) revoke(t *testing.T) {
	t.Helper()
	id := a.own(t).text(t, ".id")
	for range 2 {
		require.Equal(t, "REVOKED", a.user.post(t, "/v1/consents/"+id+"/revoke", nil).want(t, http.StatusOK).text(t, ".status"))
	}
	a.tells(t, "consent.revoked", 1)
	eventually(t, patience, "the bank is not told", func() bool {
		last := a.user.get(t, "/v1/consents/"+id+"/accesses?limit=1").want(t, http.StatusOK)
		return last.text(t, ".data[0].operation") == "REVOKE" && last.text(t, ".data[0].outcome") == "SUCCESS"
	})
	asked := a.bank.stats(t, "anna")
	a.failing(t, a.staff)
	a.failing(t, a.user)
	require.Equal(t, asked, a.bank.stats(t, "anna"), "the bank was asked after the consent was withdrawn")
}
