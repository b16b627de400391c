package endtoend

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Secrets that exist nowhere but here. The passwords hold characters that every
// encoding writes differently.
const (
	secretLogin    = "l0gin-c4nary-8f1d"
	secretPassword = `p4ss&c4nary/+"é~91b7`
	secretCode     = "7305518264"
	wrongPassword  = `wr0ng&c4nary/+"é~55e2`
	wrongCode      = "9182736450"
	ownPassword    = "0wn-c4nary/+é~30ad"
	toldSecret     = "t0ld-c4nary-66c9"
	planted        = "pl4nted&c4nary/+é~12"
)

// TestSecrets_stay_where_they_belong proves S1: it plays everything that touches
// a secret, with all that can go wrong, and then searches all that is left of
// it, in every form in which it could lie there: the files of the database and
// of its log, a dump of it, the folders of data, of plugins and of temporary
// files, logs, traces, metrics, answers, events among them, and what the system
// shows of the processes.
func TestSecrets_stay_where_they_belong(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		searchSecrets(t, options{}, func(scenes haystack) {
			require.NotEmpty(t, scenes.within("tributary.db").search(planted), "what lies open in the database is not found")
			require.NotEmpty(t, scenes.within("tributary.db-wal").search(planted), "nor what lies in its log")
		})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		base := startDatabase(t)
		searchSecrets(t, options{databaseURL: base.url}, func(scenes haystack) {
			base.collect(t, scenes)
			require.NotEmpty(t, scenes.within("dump").search(planted), "what lies open in the database is not found")
			require.NotEmpty(t, scenes.within("base/").search(planted), "nor in its files")
			require.NotEmpty(t, scenes.within("pg_wal/").search(planted), "nor in its log")
		})
	})
}

// searchSecrets plays on one database; more collects what that leaves.
func searchSecrets(t *testing.T, o options, more func(haystack)) {
	code := texted(secretLogin, secretCode)
	code.password, code.ref = secretPassword, "code"
	page := plain(secretLogin + "-page")
	page.password, page.ref, page.challenge = secretPassword, "page", `{kind: redirect}`
	w := watch(t)
	o.bank, o.level, o.plugins, o.environment = startBank(t, code, page), "debug", pluginFolder(t, "testbank", "minimal", "faulty"), w.environment()
	before := digests(t, o.plugins)
	s := startSandbox(t, o)
	user := s.asClient(t).enrolWith(t, "ana@example.org", ownPassword)
	scenes := haystack{}
	s.playSecrets(t, user, scenes)
	s.refuseSecrets(t, user)
	require.NotEmpty(t, s.asClient(t).facts(t), "events, told in answers")
	scenes.folder(t, s.data, "data", "while it runs")
	scenes.folder(t, w.temporary, "temporary", "while it runs")
	scenes["metrics"] = w.scrape(t)
	s.stop(t)
	scenes.collect(t, s)
	scenes.folder(t, w.temporary, "temporary", "afterwards")
	scenes["traces"] = w.traces()
	require.Contains(t, string(scenes["traces"]), "/v1/connections", "the traces tell nothing")
	require.Contains(t, string(scenes["names below temporary while it runs"]), "tributary-", "temporary files are elsewhere")
	require.Equal(t, before, digests(t, o.plugins), "something was written beside the plugins")
	more(scenes)
	for _, secret := range []string{
		secretLogin, secretPassword, secretCode, wrongPassword, wrongCode, ownPassword, toldSecret, s.greeting.ClientSecret,
	} {
		require.Empty(t, scenes.search(secret), "where %s is", secret)
	}
	delete(scenes, "answers") // tokens are answered, and kept nowhere
	require.Empty(t, scenes.search(user.token), "where a token is")
	require.Empty(t, scenes.search(s.asOf(t)), "where the state of a return is")
}

// playSecrets uses each secret as it is meant, and wrongly.
func (s *sandbox) playSecrets(t *testing.T, user caller, seen haystack) {
	t.Helper()
	user.connect(t, secretLogin, wrongPassword).fails(t, "AUTH_FAILED")
	l := user.connect(t, secretLogin, secretPassword)
	asked := l.asked(t, "")
	l.answer(t, asked, map[string]string{"code": wrongCode}).want(t, http.StatusAccepted)
	asked = l.asked(t, asked.text(t, ".id"))
	seen.processes(t, s, "asking")
	s.kill(t)
	s.restart(t)
	l.answer(t, asked, map[string]string{"code": secretCode}).want(t, http.StatusAccepted)
	l.succeeds(t)
	l.equalsTruth(t, secretLogin)
	there := user.connect(t, secretLogin+"-page", secretPassword)
	_, back := post(t, there.asked(t, "").text(t, ".url"), url.Values{"decision": {"approve"}})
	s.heard.returned = back
	user.send(t, user.request(t, http.MethodGet, strings.TrimPrefix(back, s.greeting.BaseURL), nil)).want(t, http.StatusSeeOther)
	there.succeeds(t)
	user.faulty(t, "tells:"+toldSecret).fails(t, "TECHNICAL_ERROR")
	s.bank.hold(t, "/api/accounts", 0)
	l = l.synchronize(t)
	s.bank.caught(t, 1)
	seen.processes(t, s, "fetching")
	s.end(t, "testbank")
	s.bank.release(t)
	l.over(t)
	user.send(t, user.request(t, http.MethodPatch, "/v1/connections/"+l.id, map[string]string{"name": planted})).want(t, http.StatusOK)
}

// refuseSecrets puts them where they do not belong.
func (s *sandbox) refuseSecrets(t *testing.T, user caller) {
	t.Helper()
	quoted := fmt.Sprintf("%q", secretPassword)
	for _, body := range []string{
		order("testbank", embedded, `{"login":"`+secretLogin+`","password":[`+quoted+`]}`),
		order("testbank", embedded, `{"login":"`+secretLogin+`","pin":`+quoted+`}`),
		order("testbank", embedded, `{"login":"`+secretLogin+`","password":`+quoted+`},"extra":{`),
		`{"provider_id":` + quoted + `,"channels":[],"password":` + quoted + `}`,
		`{"provider_id":` + quoted + `,"channels":[{"channel_definition_id":` + quoted + `,"credentials":{` + quoted + `:` + quoted + `}}]}`,
	} {
		require.GreaterOrEqual(t, user.post(t, "/v1/connections", body).status, 400)
	}
	for _, path := range []string{
		"/v1/connections?text=" + url.QueryEscape(secretPassword), "/v1/connections/" + url.PathEscape(secretPassword),
		"/v1/" + url.PathEscape(secretPassword), "/connect/return?state=" + secretCode + "&code=" + url.QueryEscape(secretPassword),
		"/v1/transactions?cursor=" + url.QueryEscape(secretPassword), "/v1/accounts?" + url.QueryEscape(secretLogin+"\n") + "=1",
	} {
		require.GreaterOrEqual(t, user.get(t, path).status, 400)
	}
	stranger := user
	stranger.token = secretLogin
	stranger.get(t, "/v1/users/me").refused(t, http.StatusUnauthorized, "invalid_token")
	form := url.Values{"grant_type": {"password"}, "username": {"ana@example.org"}, "password": {wrongPassword}}
	request := user.request(t, http.MethodPost, "/oauth/token", form.Encode())
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(user.id, user.secret)
	require.GreaterOrEqual(t, user.send(t, request).status, 400)
}

// asOf is the state that the return from the bank carried.
func (s *sandbox) asOf(t *testing.T) string {
	t.Helper()
	back, err := url.Parse(s.heard.returned)
	require.NoError(t, err)
	require.NotEmpty(t, back.Query().Get("state"))
	return back.Query().Get("state")
}

// TestSearch_finds_what_is_planted shows that the search above can fail.
func TestSearch_finds_what_is_planted(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{secretLogin, secretPassword, secretCode} {
		for name, form := range disguises(secret) {
			text := append(append([]byte("before"), form...), "after"...)
			require.Contains(t, reveals(text, secret), name)
			require.Empty(t, reveals(text[:len(text)-len("after")-2], secret), "%s cut short", name)
		}
	}
}
