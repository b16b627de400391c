package endtoend

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// put replaces credentials, or adds a channel.
func (l link) put(t tester, channel string, body map[string]any) answer {
	t.Helper()
	return l.caller.send(t, l.caller.request(t, http.MethodPut, "/v1/connections/"+l.id+"/channels/"+channel+"/credentials", body))
}

// TestBothChannels connects a customer by the bank's interface first, then adds
// the web site for what the interface does not give: one connection, two channels,
// each account once.
func TestBothChannels(t *testing.T) {
	t.Parallel()
	bank := startBank(t, texted("anna", "246810"))
	s := startSandbox(t, options{bank: bank})
	d := &drama{bank: bank, links: map[string]link{}}
	d.staff = s.asClient(t)
	d.user = d.staff.enrol(t, "anna")
	l := d.user.connectTo(t, "testbank", redirect, nil)
	d.agrees(t, l)
	l.succeeds(t)
	require.ElementsMatch(t, []string{"CHECKINGS", "CREDIT_CARD"}, kindsOf(d.user.every(t, "/v1/accounts")))
	before := idsOf(d.user.every(t, "/v1/accounts"))

	// What is no channel of the bank, or does not fit, changes nothing.
	credentials := map[string]any{"login": "anna", "password": "anna-pass1"}
	l.put(t, "nowhere", map[string]any{"credentials": credentials}).refused(t, http.StatusNotFound, "channel_not_found")
	l.put(t, embedded, map[string]any{"credentials": map[string]any{"login": "anna"}}).refused(t, http.StatusUnprocessableEntity, "invalid_credentials")
	require.Len(t, l.look(t).at(t, ".channels"), 1)

	added := l.put(t, embedded, map[string]any{"credentials": credentials, "terms_version": "2026-11"}).want(t, http.StatusAccepted)
	require.Equal(t, "RUNNING", added.text(t, ".channels[1].status"))
	require.Equal(t, "SUCCESS", added.text(t, ".channels[0].status"), "each has its own")
	l.run = added.text(t, ".last_synchronization_id")
	asked := l.asked(t, "")
	l.answer(t, asked, map[string]string{"code": "246810"}).want(t, http.StatusAccepted)
	l.succeeds(t)
	now := l.look(t)
	require.Equal(t, "SUCCESS", now.text(t, ".status"))
	require.Equal(t, []string{redirect, embedded}, []string{now.text(t, ".channels[0].channel_definition_id"), now.text(t, ".channels[1].channel_definition_id")})
	agreed := d.user.get(t, "/v1/consents/"+now.text(t, ".channels[1].consent_id")).want(t, http.StatusOK)
	require.Equal(t, "2026-11", agreed.text(t, ".terms.version"))
	require.NotEqual(t, now.text(t, ".channels[0].consent_id"), agreed.text(t, ".id"))

	accounts := d.user.every(t, "/v1/accounts")
	require.ElementsMatch(t, []string{"CHECKINGS", "CREDIT_CARD", "SAVINGS", "LOAN"}, kindsOf(accounts), "each once")
	require.Subset(t, idsOf(accounts), before)
	for _, account := range accounts {
		want := []any{embedded}
		if slices.Contains([]any{"CHECKINGS", "CREDIT_CARD"}, account["type"]) {
			want = []any{redirect, embedded}
		}
		require.Equal(t, want, account["shared_by"], "%s", account["type"])
	}

	rows := idsOf(d.user.every(t, "/v1/transactions"))
	l = l.synchronize(t)
	require.Len(t, l.succeeds(t).at(t, ".accounts"), 4, "one run reads both, and the bank asks nobody")
	require.ElementsMatch(t, rows, idsOf(d.user.every(t, "/v1/transactions")))
}

// agrees gives the consent on the bank's page.
func (s *drama) agrees(t *testing.T, l link) {
	t.Helper()
	page := l.asked(t, "").text(t, ".url")
	post(t, page, map[string][]string{"login": {"anna"}, "password": {"anna-pass1"}})
	post(t, page, map[string][]string{"code": {"246810"}})
	form := map[string][]string{"decision": {"approve"}}
	for _, box := range checkbox.FindAllSubmatch(s.visit(t, page).body, -1) {
		form["accounts"] = append(form["accounts"], string(box[1]))
	}
	code, back := post(t, page, form)
	require.Equal(t, http.StatusSeeOther, code)
	s.returns(t, back)
}

func kindsOf(accounts []map[string]any) (kinds []string) {
	for _, account := range accounts {
		kinds = append(kinds, plainText(account["type"]))
	}
	return kinds
}

func idsOf(things []map[string]any) (ids []string) {
	for _, thing := range things {
		ids = append(ids, plainText(thing["id"]))
	}
	return ids
}
