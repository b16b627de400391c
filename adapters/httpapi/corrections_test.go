package httpapi

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func TestCorrections_pass_on_what_was_given(t *testing.T) {
	t.Parallel()
	g := newRig()
	for _, test := range []struct {
		method, path, body, name string
		want                     any
	}{
		{http.MethodPost, "/merge", `{"into":"txn_2"}`, "merge", [2]string{txn, "txn_2"}},
		{http.MethodPost, "/not_a_duplicate", `{"of":"txn_2"}`, "apart", [2]string{txn, "txn_2"}},
		{http.MethodPost, "/unmerge", "", "unmerge", txn},
		{http.MethodGet, "/history", "", "history", txn},
		{http.MethodDelete, "", "", "hide", txn},
	} {
		w := g.do(request(test.method, "/v1/transactions/"+txn+test.path, userToken, test.body))
		require.Less(t, w.Code, 300, w.Body.String())
		require.Equal(t, test.want, g.seen[test.name], test.name)
	}
	g.do(request(http.MethodPatch, "/v1/transactions/"+txn, userToken, `{"category_id":""}`))
	change, _ := g.seen["change"].(usecase.TransactionChange)
	require.Nil(t, change.Label, "what is not given stays")
	require.Empty(t, *change.Category, "an empty one gives the assigned one back")
}

func TestHistory_shows_layers_and_raw(t *testing.T) {
	t.Parallel()
	g := newRig()
	body := g.do(request(http.MethodGet, "/v1/transactions/"+txn+"/history", userToken, "")).Body.String()
	for _, part := range []string{
		`"removal":"MERGED"`, `"merged_into":"` + txn + `"`, `"raw":"{\"id\":\"7\"}"`, `"raw_before":"//4="`, `"user":"Mine"`,
		`"user":"food.groceries"`, `"rule":"leisure.outings"`, `"engine":"other.uncategorised"`, `"evidence":"PENDING_BOOKED"`, `"synchronization_id":"` + syn + `"`,
	} {
		require.Contains(t, body, part)
	}
}

func TestTransactions_do_not_show_what_is_only_remembered(t *testing.T) {
	t.Parallel()
	shown := sampleTransaction()
	shown.Links = []ledger.Link{{Type: ledger.NotDuplicateOf, TransactionID: txn}, {Type: ledger.TransferPair, TransactionID: txn}}
	require.Len(t, showTransaction(shown).Links, 1)
}
