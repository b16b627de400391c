package endtoend

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// canary stands wherever a caller can put a value; no answer may repeat it.
const canary = "c4nary-3cho"

// refusal is one bad call and what has to come back.
type refusal struct {
	method, path, body string
	status             int
	code               string
}

// scene is what bad calls are made against: a connection that is up to date,
// one that waits for a code, and one whose run the bank keeps waiting.
type scene struct {
	user                caller
	done, asking, stuck link
	// challenge, cursor and queue are of this user, and good.
	challenge, cursor, queue string
}

func setScene(t *testing.T) scene {
	t.Helper()
	s := startSandbox(t, options{bank: startBank(t, plain("done"), texted("asking", "123456"), plain("stuck"))})
	user := s.asClient(t).enrol(t, "ana")
	set := scene{user: user, done: user.connect(t, "done", "done-pass1"), asking: user.connect(t, "asking", "asking-pass1")}
	set.done.succeeds(t)
	set.challenge = set.asking.asked(t, "").text(t, ".id")
	set.cursor = user.get(t, "/v1/transactions?limit=1").text(t, ".next_cursor")
	set.queue = user.post(t, "/v1/queues", "{}").want(t, http.StatusCreated).text(t, ".id")
	set.asking.until(t, "WAITING")
	s.bank.hold(t, "/api/accounts", 0)
	set.stuck = user.connect(t, "stuck", "stuck-pass1")
	s.bank.caught(t, 1)
	eventually(t, patience, "the stage is not told", func() bool { // it is committed while the bank holds the call
		return user.get(t, "/v1/synchronizations/"+set.stuck.run).text(t, ".stage") == "ACCOUNTS"
	})
	t.Cleanup(func() { s.bank.release(t) })
	return set
}

// TestRefusals makes every bad call of the table and looks that nothing moved.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := setScene(t)
	before := s.everything(t)
	for name, r := range s.refusals() {
		t.Run(name, func(t *testing.T) {
			var body any
			if r.body != "" {
				body = r.body
			}
			got := s.user.send(t, s.user.request(t, r.method, r.path, body)).refused(t, r.status, r.code)
			require.NotContains(t, string(got.body)+headers(got.header), canary, "it echoes what was sent")
			if r.code == "synchronization_running" {
				require.Contains(t, []string{s.stuck.run, s.asking.run}, got.text(t, ".subject"), "it names the run at work")
			}
		})
	}
	require.Empty(t, changes(before, s.everything(t)), "a refused call changed something")
}

func headers(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b)
	return b.String()
}

// everything is all that the user can see, with the log of events, as lines.
func (s scene) everything(t *testing.T) (lines []string) {
	t.Helper()
	show := func(value any) {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		lines = append(lines, string(text))
	}
	for _, list := range []string{"connections", "synchronizations", "accounts", "transactions", "queues"} {
		for _, item := range s.user.every(t, "/v1/"+list) {
			show(item)
		}
	}
	show(string(s.user.get(t, "/v1/connections/"+s.asking.id+"/challenge").body))
	for _, f := range s.user.facts(t) {
		show(f)
	}
	return lines
}

// changes are the lines that only one of two has.
func changes(before, after []string) (different []string) {
	for _, pair := range [][2][]string{{before, after}, {after, before}} {
		for _, line := range pair[0] {
			if !slices.Contains(pair[1], line) {
				different = append(different, line)
			}
		}
	}
	return different
}

// TestStrangers has no token, or one that is none.
func TestStrangers(t *testing.T) {
	t.Parallel()
	s := startSandbox(t, options{bank: startBank(t, plain("anna"))})
	for name, c := range map[string]struct {
		header, code string
	}{
		"none":      {"", "token_required"},
		"unknown":   {"Bearer " + canary, "invalid_token"},
		"malformed": {"Bearer " + canary + " x", "invalid_token"},
		"basic":     {"Basic " + canary, "invalid_token"},
	} {
		request := caller{sandbox: s}.request(t, http.MethodGet, "/v1/connections", nil)
		request.Header.Del("Authorization")
		if c.header != "" {
			request.Header.Set("Authorization", c.header)
		}
		got := caller{sandbox: s}.send(t, request).refused(t, http.StatusUnauthorized, c.code)
		require.NotContains(t, string(got.body), canary, name)
	}
}
