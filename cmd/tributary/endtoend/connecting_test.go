package endtoend

import (
	"net/http"
	"slices"

	"github.com/stretchr/testify/require"
)

const (
	embedded = "testbank-embedded"
	redirect = "testbank-redirect"
)

// link is a connection and its newest run.
type link struct {
	caller caller
	id     string
	run    string
}

// connect posts credentials for the test bank.
func (c caller) connect(t tester, login, password string) link {
	t.Helper()
	return c.connectTo(t, "testbank", embedded, map[string]string{"login": login, "password": password})
}

func (c caller) connectTo(t tester, provider, channel string, credentials map[string]string) link {
	t.Helper()
	order := map[string]any{
		"provider_id": provider,
		"channels":    []any{map[string]any{"channel_definition_id": channel, "credentials": credentials}},
	}
	made := c.post(t, "/v1/connections", order).want(t, http.StatusAccepted)
	return link{c, made.text(t, ".id"), made.text(t, ".last_synchronization_id")}
}

// synchronize starts another run.
func (l link) synchronize(t tester) link {
	t.Helper()
	l.run = l.caller.post(t, "/v1/connections/"+l.id+"/synchronizations", nil).want(t, http.StatusAccepted).text(t, ".id")
	return l
}

// over waits for the end of the run.
func (l link) over(t tester) answer {
	t.Helper()
	return l.until(t, "SUCCESS", "PARTIAL_SUCCESS", "FAILED", "CANCELLED")
}

func (l link) until(t tester, statuses ...string) (run answer) {
	t.Helper()
	eventually(t, patience, "the run is not "+statuses[0], func() bool {
		run = l.caller.get(t, "/v1/synchronizations/"+l.run).want(t, http.StatusOK)
		return slices.Contains(statuses, run.text(t, ".status"))
	})
	return run
}

// succeeds waits for the end, which has to be good.
func (l link) succeeds(t tester) answer {
	t.Helper()
	run := l.over(t)
	require.Equal(t, "SUCCESS", run.text(t, ".status"), "%s", run.body)
	return run
}

// fails waits for the end, which has to be that failure, told in three places.
func (l link) fails(t tester, status string) answer {
	t.Helper()
	run := l.over(t)
	require.Equal(t, "FAILED", run.text(t, ".status"), "%s", run.body)
	require.Equal(t, status, run.text(t, ".error.code"), "%s", run.body)
	require.NotEmpty(t, run.text(t, ".error.message"))
	connection := l.look(t)
	require.Equal(t, "FAILED", connection.text(t, ".status"))
	require.Equal(t, status, connection.text(t, ".channels[0].status"))
	require.NotEmpty(t, connection.text(t, ".channels[0].required_action.type"))
	require.NotEmpty(t, connection.text(t, ".channels[0].message"))
	return connection
}

func (l link) look(t tester) answer {
	t.Helper()
	return l.caller.get(t, "/v1/connections/"+l.id).want(t, http.StatusOK)
}

// asked waits for the challenge, another than the one before.
func (l link) asked(t tester, before string) (challenge answer) {
	t.Helper()
	eventually(t, patience, "nothing is asked", func() bool {
		challenge = l.caller.get(t, "/v1/connections/"+l.id+"/challenge")
		return challenge.status == http.StatusOK && challenge.text(t, ".id") != before
	})
	return challenge
}

func (l link) answer(t tester, challenge answer, answers map[string]string) answer {
	t.Helper()
	return l.caller.post(t, "/v1/connections/"+l.id+"/challenge", map[string]any{"id": challenge.text(t, ".id"), "answers": answers})
}
