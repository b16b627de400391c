package endtoend

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// siteThemes are the web site's, each read by a recipe of its own.
var siteThemes = []string{"modern", "classic"}

// siteVisit is what one customer does on one theme.
type siteVisit struct {
	sitePersona
	theme string
	// released says that the site has another markup.
	released bool
	bank     *siteBank
	user     caller
	seen     *sightings
}

// connects gives a password; the right one unless another is given.
func (v siteVisit) connects(t *testing.T, password ...string) link {
	t.Helper()
	id := "testbank-" + v.theme
	return v.user.connectTo(t, id, id+"-embedded", map[string]string{"login": v.Login, "password": append(password, v.Password)[0]})
}

// asked waits for a question of a kind. Each is a moment to look at what the system shows of the processes.
func (v siteVisit) asked(t *testing.T, l link, kind string, before ...answer) answer {
	t.Helper()
	id := ""
	for _, one := range before {
		id = one.text(t, ".id")
	}
	var asked answer
	v.sees(t, "nothing is asked", func() bool {
		asked = v.user.get(t, "/v1/connections/"+l.id+"/challenge")
		if asked.status != http.StatusOK { // it may be over instead
			run := v.user.get(t, "/v1/synchronizations/"+l.run).want(t, http.StatusOK)
			require.Empty(t, run.text(t, ".finished_at"), "%s", run.body)
		}
		return asked.status == http.StatusOK && asked.text(t, ".id") != id
	})
	require.Equal(t, kind, asked.text(t, ".type"), "%s", asked.body)
	require.NotEmpty(t, asked.text(t, ".message"))
	v.seen.look(v.user.sandbox)
	return asked
}

func (v siteVisit) says(t *testing.T, l link, asked answer, name, value string) {
	t.Helper()
	l.answer(t, asked, map[string]string{name: value}).want(t, http.StatusAccepted)
}

// visitLimit is how long a visit may take: many are under way, and one bank answers late.
const visitLimit = patience

// sees waits for something, and looks seldom: many wait here for what needs all of the processor.
func (v siteVisit) sees(t *testing.T, complaint string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(visitLimit); !done(); time.Sleep(200 * time.Millisecond) {
		require.True(t, time.Now().Before(deadline), complaint)
	}
}

// over waits for the end of the run.
func (v siteVisit) over(t *testing.T, l link) answer {
	t.Helper()
	v.sees(t, "the visit does not end", func() bool {
		return v.user.get(t, "/v1/synchronizations/"+l.run).want(t, http.StatusOK).text(t, ".finished_at") != ""
	})
	v.seen.look(v.user.sandbox)
	return l.over(t)
}

// reads waits until all is read, and compares it with the truth.
func (v siteVisit) reads(t *testing.T, l link) link {
	t.Helper()
	v.over(t, l)
	l.succeeds(t)
	require.Equal(t, "SUCCESS", l.look(t).text(t, ".channels[0].status"))
	v.isTrue(t, l)
	return l
}

// isTrue compares what is held with what the bank tells. Not every page says all of it: the old site says nothing of who holds
// an account, of when something was done, or of a limit, and cuts what a row says; the new one says less after its release.
func (v siteVisit) isTrue(t *testing.T, l link) {
	t.Helper()
	if v.theme == "modern" && !v.released {
		l.equalsTruth(t, v.Login)
		return
	}
	wanted, rows := []string{}, 0
	for _, s := range v.bank.truth(t, v.Login) {
		wanted = append(wanted, line(s.Name, s.Type, s.Currency, strings.Split(s.sheet()[0], " | ")[6]))
		rows += len(s.Transactions)
		for _, r := range s.Transactions {
			wanted = append(wanted, line(s.Name, r.Status, r.ValueDate, r.Amount, r.Currency, short(r.Label)))
		}
	}
	require.NotZero(t, rows, "the bank has no rows: nothing was proved")
	got := []string{}
	for _, a := range v.user.every(t, "/v1/accounts?connection_id="+l.id) {
		name := plainText(a["name"])
		got = append(got, line(name, plainText(a["type"]), plainText(a["currency"]), strings.ReplaceAll(money(a["balance"]), " | ", " ")))
		for _, r := range v.user.every(t, "/v1/transactions?account_id="+plainText(a["id"])) {
			got = append(got, line(name, plainText(r["status"]), plainText(r["value_date"]), money(r["amount"]), short(plainText(r["raw_label"]))))
		}
	}
	slices.Sort(wanted)
	slices.Sort(got)
	require.Equal(t, wanted, got)
}

// short is what the old site shows of a text, at least.
func short(label string) string {
	runes := []rune(strings.Join(strings.Fields(label), " "))
	return string(runes[:min(20, len(runes))])
}

// ends waits for a failure, which says what to do about it: where, if it is for the user to do at the bank, and when, if we try again.
func (v siteVisit) ends(t *testing.T, l link, status string) {
	t.Helper()
	v.over(t, l)
	told := l.fails(t, status)
	action := told.text(t, ".channels[0].required_action.type")
	require.Equal(t, actions[status], action, "%s", told.body)
	where, when := told.text(t, ".channels[0].required_action.url"), told.text(t, ".channels[0].retry_at")
	switch action {
	case "VISIT_BANK":
		require.Equal(t, v.bank.url+"/web/"+v.theme+"/", where, "%s", told.body)
	case "EDIT_CREDENTIALS":
		require.ElementsMatch(t, []any{"login", "password"}, told.at(t, ".channels[0].required_action.fields"))
	case "WAIT", "CONTACT_SUPPORT":
		require.NotEmpty(t, when, "%s", told.body)
	}
	if action != "WAIT" && action != "CONTACT_SUPPORT" {
		require.Empty(t, when, "nothing is done without the user")
	}
}

// actions are what each failure asks for.
var actions = map[string]string{
	"AUTH_FAILED": "EDIT_CREDENTIALS", "ACCOUNT_LOCKED": "VISIT_BANK", "PASSWORD_CHANGE_REQUIRED": "VISIT_BANK", "USER_ACTION_REQUIRED": "VISIT_BANK",
	"CHALLENGE_REQUIRED": "REAUTHENTICATE", "BLOCKED": "REAUTHENTICATE", "PROVIDER_UNAVAILABLE": "WAIT", "TECHNICAL_ERROR": "CONTACT_SUPPORT",
}

// approves on the phone, or refuses.
func (v siteVisit) decides(t *testing.T, decision string) {
	t.Helper()
	status, _ := post(t, v.bank.url+"/app/"+v.Login, url.Values{"decision": {decision}})
	require.Equal(t, http.StatusSeeOther, status)
}

// forgiven: the bank knows nothing any more of what the customer did.
func (v siteVisit) forgiven(t *testing.T) {
	t.Helper()
	v.bank.admin(t, http.MethodPost, "personas/"+url.PathEscape(v.Login)+"/forgive", nil, nil)
}

// timed notes how long it took.
func (v siteVisit) timed(t *testing.T, do func(*testing.T, siteVisit)) {
	t.Helper()
	began := time.Now()
	do(t, v)
	t.Logf("%-28s %-8s %5.1fs", v.Login, v.theme, time.Since(began).Seconds())
}
