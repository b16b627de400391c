package endtoend

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const ownBanks = "/v1/sandbox/testbank_configurations"

// brings uploads a bank of the client's own and gives its id.
func (c caller) brings(t tester, text string) string {
	t.Helper()
	return c.uploads(t, text).want(t, http.StatusCreated).text(t, ".id")
}

func (c caller) uploads(t tester, text string) answer {
	t.Helper()
	request := c.request(t, http.MethodPost, ownBanks, text)
	request.Header.Set("Content-Type", "application/yaml")
	return c.send(t, request)
}

// connectAt connects to the bank of a configuration.
func (c caller) connectAt(t tester, configuration string, p persona) link {
	t.Helper()
	return c.connectTo(t, "testbank", embedded, map[string]string{"login": p.login, "password": p.password, "configuration": configuration})
}

// equalsOwn compares a connection with what its bank holds.
func (l link) equalsOwn(t tester, configuration, login string) {
	t.Helper()
	own := *l.caller.sandbox
	own.bank = &bank{url: own.bank.url + "/b/" + configuration}
	l.caller.sandbox = &own
	l.equalsTruth(t, login)
}

// TestOwnBank is a bank that a client brought, through restarts of everything.
func TestOwnBank(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	client := s.asClient(t)
	guest := persona{login: "anna", password: "guest-pass1", holder: "A guest"} // the same login, at another bank
	text := bankFile([]persona{guest})
	id := client.brings(t, text)
	one := client.get(t, ownBanks+"/"+id).want(t, http.StatusOK)
	require.Equal(t, text, one.text(t, ".text"))
	require.Equal(t, "End Bank", one.text(t, ".bank"))
	user := client.enrol(t, "ana")
	l := user.connectAt(t, id, guest)
	l.succeeds(t)
	l.equalsOwn(t, id, "anna")
	require.Zero(t, s.bank.stats(t, "anna")["logins"], "the shared bank saw nothing")
	user.connectAt(t, "", guest).fails(t, "AUTH_FAILED") // that password is of the other bank

	// A bank that restarted knows it again before anything is asked of it.
	s.bank.restart(t)
	l = l.synchronize(t)
	l.succeeds(t)
	l.equalsOwn(t, id, "anna")
	// So does one that restarted with the server.
	s.kill(t)
	s.bank.restart(t)
	s.restart(t)
	l = l.synchronize(t)
	l.succeeds(t)
	// It goes down and up by itself.
	client.post(t, "/v1/sandbox/outage", fmt.Sprintf(`{"down":true,"configuration_id":%q}`, id)).want(t, http.StatusNoContent)
	l = l.synchronize(t)
	l.fails(t, "PROVIDER_UNAVAILABLE")
	client.post(t, "/v1/sandbox/outage", fmt.Sprintf(`{"down":false,"configuration_id":%q}`, id)).want(t, http.StatusNoContent)
	l = l.synchronize(t)
	l.succeeds(t)
	// Once it is deleted it stays so.
	client.send(t, client.request(t, http.MethodDelete, ownBanks+"/"+id, nil)).want(t, http.StatusNoContent)
	client.get(t, ownBanks+"/"+id).want(t, http.StatusNotFound)
	s.bank.restart(t)
	l = l.synchronize(t)
	l.fails(t, "AUTH_FAILED")
}

// TestOwnBank_of_another_client is used by nobody else: not read, not listed,
// not connected to, and not told from one that does not exist.
func TestOwnBank_of_another_client(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	id, secret := s.addClient(t)
	client, other := s.asClient(t), s.asApplication(t, id, secret)
	theirs := other.brings(t, bankFile([]persona{plain("anna")}))
	mine := client.brings(t, bankFile([]persona{plain("anna")}))
	listed := client.every(t, ownBanks)
	require.Len(t, listed, 1)
	require.Equal(t, mine, listed[0]["id"])
	user := client.enrol(t, "ana")
	done := user.connect(t, "anna", "anna-pass1")
	done.succeeds(t)
	for _, configuration := range []string{theirs, nobodys().configuration} {
		credentials := fmt.Sprintf(`{"login":"anna","password":"anna-pass1","configuration":%q}`, configuration)
		refused := user.post(t, "/v1/connections", order("testbank", embedded, credentials)).want(t, http.StatusUnprocessableEntity)
		require.Equal(t, "body.channels[0].credentials.configuration", refused.text(t, ".errors[0].location"))
		require.Equal(t, "is no configuration of this client", refused.text(t, ".errors[0].message"))
		require.NotContains(t, string(refused.body), configuration)
		path := "/v1/connections/" + done.id + "/channels/" + embedded + "/credentials"
		user.send(t, user.request(t, http.MethodPut, path, `{"credentials":`+credentials+`}`)).want(t, http.StatusUnprocessableEntity)
		only := fmt.Sprintf(`{"provider_id":"testbank","channels":[{"channel_definition_id":%q,"credentials":{"configuration":%q}}]}`, redirect, configuration)
		user.post(t, "/v1/connections", only).want(t, http.StatusUnprocessableEntity)
	}
	user.connectAt(t, mine, plain("anna")).succeeds(t)
}

// TestOwnBank_with_mistakes tells each with its place, and repeats nothing.
func TestOwnBank_with_mistakes(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	client := s.asClient(t)
	text := "personas:\n  - {login: ann, password: " + canary + ", holder: Ann, challenge: {kind: " + canary + "}}\naccounts:\n  - {ref: a, owner: nobody}\n"
	refused := client.uploads(t, text).want(t, http.StatusUnprocessableEntity)
	require.Equal(t, "invalid_configuration", refused.text(t, ".code"))
	require.Regexp(t, `^line 2, column \d+: `, refused.text(t, ".errors[0].message"))
	require.Equal(t, "body.text", refused.text(t, ".errors[0].location"))
	require.NotContains(t, string(refused.body), canary)
	require.Empty(t, client.every(t, ownBanks))
}

// TestOwnBank_by_URL is fetched by the server, from where it may: its own
// neighbourhood only if the operator says so.
func TestOwnBank_by_URL(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(bankFile([]persona{plain("ann")})))
	}))
	t.Cleanup(web.Close)
	fetch := func(client caller, url string) answer { return client.post(t, ownBanks, map[string]string{"url": url}) }
	t.Run("not_from_private_addresses", func(t *testing.T) {
		t.Parallel()
		client := startSandbox(t, options{bank: startBank(t, plain("anna"))}).asClient(t)
		port := web.URL[strings.LastIndex(web.URL, ":"):]
		for _, url := range []string{
			web.URL, "https://localhost" + port, "https://127.0.0.1" + port, "https://[::1]" + port, "https://10.0.0.1/", "https://192.168.1.1/",
			"https://169.254.169.254/latest/meta-data/", "https://[fd00::1]/", "https://[fe80::1]/", "file:///etc/passwd", client.sandbox.bank.url,
		} {
			refused := fetch(client, url).want(t, http.StatusUnprocessableEntity)
			require.Equal(t, "address_not_allowed", refused.text(t, ".code"), url)
			require.Equal(t, "body.url", refused.text(t, ".errors[0].location"))
		}
		require.Empty(t, client.every(t, ownBanks))
	})
	t.Run("from_those_that_the_operator_allows", func(t *testing.T) {
		t.Parallel()
		client := startSandbox(t, options{bank: startBank(t, plain("anna")), environment: []string{"TRIBUTARY_OUTBOUND_ALLOW=127.0.0.1/32"}}).asClient(t)
		id := fetch(client, web.URL+"/bank.yaml").want(t, http.StatusCreated).text(t, ".id")
		require.EqualValues(t, 1, asked.Load(), "the refused ones did not come")
		client.enrol(t, "ana").connectAt(t, id, plain("ann")).succeeds(t)
		require.Equal(t, "address_not_allowed", fetch(client, "http://169.254.169.254/").want(t, http.StatusUnprocessableEntity).text(t, ".code"))
	})
}

// clock is what the sandbox's clock shows.
func (c caller) clock(t tester) time.Time {
	t.Helper()
	now, err := time.Parse(time.RFC3339Nano, c.get(t, "/v1/sandbox/clock").want(t, http.StatusOK).text(t, ".now"))
	require.NoError(t, err)
	return now
}

func (b *bank) clock(t tester) time.Time {
	t.Helper()
	var said struct{ Now time.Time }
	b.admin(t, http.MethodGet, "clock", nil, &said)
	return said.Now
}

// TestOneClock plays days through: the bank's, and ours of what users see. It
// outlives both processes; tokens do not feel it (claim R7).
func TestOneClock(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	client := s.asClient(t)
	user := client.enrol(t, "ana")
	noon := time.Now().UTC().Truncate(24*time.Hour).Add(12*time.Hour).AddDate(0, 0, -20)
	move := func(body any) { client.post(t, "/v1/sandbox/clock", body).want(t, http.StatusOK) }
	agree := func(want time.Time) {
		t.Helper()
		require.WithinDuration(t, want, client.clock(t), time.Minute)
		require.WithinDuration(t, want, s.bank.clock(t), time.Minute)
	}
	move(map[string]string{"now": noon.Format(time.RFC3339)})
	agree(noon)
	l := user.connect(t, "anna", "anna-pass1")
	run := l.succeeds(t)
	started, err := time.Parse(time.RFC3339Nano, run.text(t, ".started_at"))
	require.NoError(t, err)
	require.WithinDuration(t, noon, started, time.Minute)
	since := noon.AddDate(0, 0, -100).Format(time.DateOnly) // the bank forgets what is older than 120 days
	l.equalsTruthSince(t, "anna", since)
	seqs := len(client.facts(t))
	for _, step := range []struct {
		advance string
		by      time.Duration
	}{{"24h", 24 * time.Hour}, {"24h", 24 * time.Hour}, {"-1h", -time.Hour}, {"1h", time.Hour}, {"-24h", -24 * time.Hour}, {"72h", 72 * time.Hour}} {
		move(map[string]string{"advance": step.advance})
		noon = noon.Add(step.by)
		agree(noon)
		l = l.synchronize(t)
		l.succeeds(t)
	}
	l.equalsTruthSince(t, "anna", since)
	log := client.facts(t)
	gapless(t, log)
	require.Greater(t, len(log), seqs)

	s.bank.restart(t)
	eventually(t, patience, "a bank that restarted is not told", func() bool { return s.bank.clock(t).Sub(noon).Abs() < time.Minute })
	s.kill(t)
	s.bank.restart(t)
	s.restart(t)
	l = l.synchronize(t)
	l.succeeds(t)
	agree(noon)
	t.Run("is_not_the_clock_of_tokens", func(t *testing.T) {
		for _, by := range []string{"48h", "-96h"} { // a token lives for an hour
			move(map[string]string{"advance": by})
			user.get(t, "/v1/users/me").want(t, http.StatusOK)
			client.enrol(t, "later"+strings.Trim(by, "-")).get(t, "/v1/users/me").want(t, http.StatusOK)
		}
	})
	t.Run("is_moved_by_whom_the_operator_lets", func(t *testing.T) {
		id, secret := s.addClient(t)
		other := s.asApplication(t, id, secret)
		before := client.clock(t)
		refused := other.post(t, "/v1/sandbox/clock", `{"advance":"24h"}`).want(t, http.StatusForbidden)
		require.Equal(t, "sandbox_control_required", refused.text(t, ".code"))
		user.post(t, "/v1/sandbox/clock", `{"advance":"24h"}`).want(t, http.StatusForbidden)
		other.post(t, "/v1/sandbox/outage", `{"down":true}`).want(t, http.StatusForbidden)
		require.WithinDuration(t, before, other.clock(t), time.Minute, "everybody reads it")
	})
}
