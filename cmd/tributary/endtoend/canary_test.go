package endtoend

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
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

// TestSecrets_stay_where_they_belong plays everything that touches a secret,
// with all that can go wrong, and then searches all that is left of it.
func TestSecrets_stay_where_they_belong(t *testing.T) {
	t.Parallel()
	code := texted(secretLogin, secretCode)
	code.password, code.ref = secretPassword, "code"
	page := plain(secretLogin + "-page")
	page.password, page.ref, page.challenge = secretPassword, "page", `{kind: redirect}`
	s := startSandbox(t, options{
		bank: startBank(t, code, page), level: "debug", plugins: pluginFolder(t, "testbank", "minimal", "faulty"),
	})
	user := s.asClient(t).enrolWith(t, "ana@example.org", ownPassword)
	scenes := haystack{}
	s.playSecrets(t, user, scenes)
	s.refuseSecrets(t, user)
	scenes.folder(t, s.data, "while it runs")
	s.stop(t)
	scenes.collect(t, s)
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
	user.send(t, user.request(t, http.MethodGet, strings.TrimPrefix(back, s.greeting.BaseURL), nil)).want(t, http.StatusOK)
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

// haystack is everything in which a secret could be, by where that is.
type haystack map[string][]byte

// processes takes what a neighbour on the machine can see of ours.
func (h haystack) processes(t *testing.T, s *sandbox, when string) {
	t.Helper()
	ours := append(family(s.process.pid()), being{pid: s.process.pid()})
	require.Greater(t, len(ours), 1)
	for _, b := range ours {
		for _, file := range []string{"cmdline", "environ"} {
			text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", b.pid, file))
			require.NoError(t, err)
			h[fmt.Sprintf("%s of %d while %s", file, b.pid, when)] = text
		}
	}
}

// collect takes what stays: files, logs, answers.
func (h haystack) collect(t *testing.T, s *sandbox) {
	t.Helper()
	h["answers"] = s.heard.text()
	require.NotEmpty(t, h["answers"])
	for _, log := range append(s.logs, s.bank.process.log) {
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		h["log "+filepath.Base(log)] = text
	}
	require.NotEmpty(t, h["log "+filepath.Base(s.logs[0])], "the server logs nothing: nothing would be proved")
	h.folder(t, s.data, "afterwards")
	require.NotEmpty(t, h.search(planted), "what lies open in the database is not found")
	require.Contains(t, h, "demo-client.json afterwards")
}

func (h haystack) folder(t *testing.T, root, when string) {
	t.Helper()
	require.NoError(t, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		h[entry.Name()+" "+when], err = os.ReadFile(path)
		return err
	}))
}

// search names each place and form in which a secret is.
func (h haystack) search(secret string) []string {
	var found []string
	for place, text := range h {
		for _, form := range reveals(text, secret) {
			found = append(found, place+" ("+form+")")
		}
	}
	return found
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
