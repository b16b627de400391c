package endtoend

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// victim owns one of everything, and a canary in everything that can hold one.
type victim struct {
	caller
	done, asking link
	belongings   belongings
}

func newVictim(t *testing.T, client caller) victim {
	t.Helper()
	v := victim{caller: client.enrol(t, canary)}
	v.done, v.asking = v.connect(t, "anna", "anna-pass1"), v.connect(t, "asked", "asked-pass1")
	v.done.succeeds(t)
	named := v.send(t, v.request(t, http.MethodPatch, "/v1/connections/"+v.done.id, map[string]string{"name": canary})).want(t, 200)
	require.Equal(t, canary, named.text(t, ".name"))
	asked := v.asking.asked(t, "")
	v.asking.until(t, "WAITING")
	queue := v.post(t, "/v1/queues", "{}").want(t, 201)
	rule := v.post(t, "/v1/category_rules", `{"name":"`+canary+`","text":"`+canary+`","category_id":"food.groceries"}`).want(t, 201)
	hook := client.post(t, "/v1/webhooks", `{"url":"https://`+canary+`.example.org/","description":"`+canary+`"}`).want(t, 201)
	rows := v.get(t, "/v1/transactions?limit=1").want(t, 200)
	v.belongings = belongings{
		consent: v.get(t, "/v1/consents?connection_id="+v.asking.id).want(t, 200).text(t, ".data[0].id"),
		user:    v.user, connection: v.asking.id, run: v.asking.run, account: v.get(t, "/v1/accounts").text(t, ".data[0].id"),
		transaction: rows.text(t, ".data[0].id"), queue: queue.text(t, ".id"), challenge: asked.text(t, ".id"), rule: rule.text(t, ".id"), webhook: hook.text(t, ".id"), visit: v.post(t, "/v1/widget_sessions", `{"state":"`+canary+`"}`).want(t, 201).text(t, ".id"), configuration: client.brings(t, bankFile([]persona{holding("anna")})),
		cursor: rows.text(t, ".next_cursor"), follow: v.get(t, "/v1/transactions/sync?limit=1").want(t, 200).text(t, ".next_cursor"),
	}
	require.NotContains(t, v.belongings.all(), "")
	return v
}

func (b belongings) all() []string {
	return []string{b.user, b.connection, b.run, b.account, b.transaction, b.queue, b.challenge, b.consent, b.rule, b.configuration, b.webhook, b.visit, b.cursor, b.follow}
}

// nobodys are ids of the right form that do not exist, and a cursor that is none.
func nobodys() belongings {
	const zero = "_00000000000000000000000000"
	return belongings{"usr" + zero, "con" + zero, "syn" + zero, "acc" + zero, "txn" + zero, "que" + zero, "cha" + zero, "rul" + zero, "cfg" + zero, "whk" + zero, "wid" + zero, "bm8tY3Vyc29y", "cst" + zero, "bm8tY3Vyc29y"}
}

// TestIsolation walks every call of the document with the victim's own ids, as
// another client, as a user of it, and as another user of the same client. Each
// answer has to be the one for an id that does not exist.
func TestIsolation(t *testing.T) {
	t.Parallel()
	waiting := texted("asked", "123456")
	waiting.challenge = `{kind: sms_code, code: "123456", resends: 9}` // a stranger's wish would be heard
	s := startSandbox(t, options{bank: startBank(t, holding("anna"), waiting)})
	id, secret := s.addClient(t)
	client, other := s.asClient(t), s.asApplication(t, id, secret)
	v := newVictim(t, client)
	scene := scene{user: v.caller, asking: v.asking}
	before, head := scene.everything(t), len(client.facts(t))
	for name, intruder := range map[string]caller{
		"Another_client": other, "A_user_of_another_client": other.enrol(t, "mallory"), "Another_user_of_the_same_client": client.enrol(t, "eve"),
	} {
		t.Run(name, func(t *testing.T) {
			calls := 0
			for _, op := range operations(t) {
				calls += intruder.walk(t, op, v)
			}
			require.Greater(t, calls, 30, "the walk goes nowhere")
			for _, list := range []string{"connections", "synchronizations", "accounts", "transactions", "category_rules", "consents"} {
				require.Empty(t, intruder.every(t, "/v1/"+list), "%s of somebody else", list)
			}
			require.Empty(t, intruder.get(t, "/v1/transactions/sync").want(t, 200).at(t, ".added"), "what was added of somebody else")
			for _, f := range intruder.facts(t) {
				require.NotEqual(t, v.user, f.UserID, "an event of somebody else: %s", f.Name)
			}
		})
	}
	require.Empty(t, changes(before, scene.everything(t)), "somebody else changed it")
	log := client.facts(t)
	gapless(t, log)
	for _, f := range log[head:] {
		require.NotEqual(t, v.user, f.UserID, "somebody else made an event of it: %s", f.Name)
	}
	require.Equal(t, 1, s.bank.stats(t, "asked")["codes_sent"], "somebody else had a code sent")
	v.asking.answer(t, v.asking.asked(t, ""), map[string]string{"code": "123456"}).want(t, 202)
	v.asking.succeeds(t)
}

func holding(login string) persona {
	p := plain(login)
	p.holder = canary + " " + login
	return p
}

// walk makes one call with each id in turn, the victim's and nobody's, and
// counts how often.
func (c caller) walk(t *testing.T, op operation, v victim) (calls int) {
	t.Helper()
	theirs, none := v.belongings, nobodys()
	for i, filter := range append([]string{""}, theirs.filters(t, op)...) {
		named := strings.Contains(op.path, "{") || filter != "" || strings.Contains(theirs.content(t, op), theirs.user) || strings.Contains(theirs.content(t, op), theirs.configuration)
		if !named || strings.HasPrefix(op.path, "/v1/providers/") {
			continue // it names nothing of anybody
		}
		missing := append([]string{""}, none.filters(t, op)...)[i]
		got := c.try(t, op, theirs.target(t, op)+filter, theirs.content(t, op))
		want := c.try(t, op, none.target(t, op)+missing, none.content(t, op))
		require.Equal(t, want.status, got.status, "%s%s: %s", op.id, filter, got.body)
		require.Equal(t, telling(want), telling(got), "%s%s", op.id, filter)
		require.NotContains(t, string(got.body), canary, "%s%s", op.id, filter)
		for _, id := range theirs.all() {
			require.NotContains(t, string(got.body)+headers(got.header), id, "%s%s", op.id, filter)
		}
		calls++
	}
	return calls
}

func (c caller) try(t *testing.T, op operation, path, content string) answer {
	t.Helper()
	var body any
	if content != "" {
		body = content
	}
	return c.send(t, c.request(t, op.method, path, body))
}

var requestID = regexp.MustCompile(`req_[0-9a-z]+`)

// telling is what a caller could tell two answers apart by.
func telling(a answer) string {
	h := a.header.Clone()
	h.Del("Date")
	return requestID.ReplaceAllString(headers(h)+string(a.body), "")
}
