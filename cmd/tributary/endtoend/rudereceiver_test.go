package endtoend

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// ahead makes the clock of a program in node wrong by what a file says.
const ahead = `import { readFileSync } from "node:fs";
const right = Date.now;
Date.now = () => right() + 1000 * Number(readFileSync(%q, "utf8"));
`

// TestReceiverWhoseClockIsWrong runs the page's receiver five minutes and two
// seconds in the future: the reference library refuses what is older than five
// minutes. Then the clock comes back by as little as makes the same request, which
// is seconds older by now, still too old, and a fresh one acceptable: what is sent
// again has a time of its own.
func TestReceiverWhoseClockIsWrong(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{environment: receiving})
	client := s.asClient(t)
	run, folder := programme(t, "js"), t.TempDir()
	clock, wrong := filepath.Join(folder, "clock.mjs"), filepath.Join(folder, "ahead")
	set := func(seconds string) { require.NoError(t, os.WriteFile(wrong, []byte(seconds), 0o600)) }
	set("302")
	require.NoError(t, os.WriteFile(clock, fmt.Appendf(nil, ahead, wrong), 0o600))
	run.Args = append([]string{"node", "--import", clock}, run.Args[1:]...)

	address, err := pgcluster.FreeAddress()
	require.NoError(t, err)
	made := client.post(t, "/v1/webhooks", `{"url":"http://`+address+`/","types":["user.created"]}`).want(t, http.StatusCreated)
	hook := "/v1/webhooks/" + made.text(t, ".id")
	printed := printing(t, run, made.text(t, ".secret"), address)
	eventually(t, patience, "the receiver does not listen", func() bool {
		refused := client.post(t, hook+"/test", "").want(t, http.StatusOK)
		return strings.Contains(string(refused.body), `"http_status":400`)
	})
	client.enrol(t, "ana")
	list := hook + "/deliveries"
	eventually(t, patience, "it is not refused", func() bool {
		return strings.Contains(string(client.get(t, list).want(t, http.StatusOK).body), `"http_status":400`)
	})
	set("297")
	eventually(t, patience, "it is not sent again", func() bool {
		return client.get(t, list).want(t, http.StatusOK).text(t, ".data[0].status") == "DELIVERED"
	})
	sent := client.get(t, list).want(t, http.StatusOK)
	require.Len(t, sent.at(t, ".data"), 1)
	require.Len(t, sent.at(t, ".data[0].attempts"), 2)
	require.True(t, printed()[sent.text(t, ".data[0].event_id")])
}

// TestEndpointThatSpeaksUnasked does not write our log: what net/http prints of it
// is a record like every other, for who debugs.
func TestEndpointThatSpeaksUnasked(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{environment: append([]string{"TRIBUTARY_LOG_LEVEL=debug", "TRIBUTARY_LOG_FORMAT=json"}, receiving...)})
	rude := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_, _ = c.Write([]byte("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 FORGED\r\n\r\n"))
			_ = c.Close()
		}
	}))
	t.Cleanup(rude.Close)
	client := s.asClient(t)
	hook := client.post(t, "/v1/webhooks", `{"url":"`+rude.URL+`"}`).want(t, http.StatusCreated)
	said := func() string {
		text, err := os.ReadFile(s.process.log)
		require.NoError(t, err)
		return string(text)
	}
	eventually(t, patience, "the log does not have it", func() bool {
		client.post(t, "/v1/webhooks/"+hook.text(t, ".id")+"/test", "").want(t, http.StatusOK)
		return strings.Contains(said(), "FORGED")
	})
	s.stop(t)
	for line := range strings.Lines(said()) {
		require.True(t, json.Valid([]byte(line)), line)
	}
}
