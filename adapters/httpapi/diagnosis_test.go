package httpapi

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/ledger"
	"github.com/tributary-dev/tributary/core/quota"
	"github.com/tributary-dev/tributary/core/synchronization"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func diagnosisExamples() []example {
	read := []client.Scope{client.ConnectionsRead}
	return []example{{"diagnose-connection", "GET", "/v1/connections/" + con + "/diagnosis", "", 200, read, read, false}, {"get-quota", "GET", "/v1/connections/" + con + "/quota", "", 200, read, read, false}}
}

// TestDiagnosis is every status of a channel beside every status of a run and
// every outcome of an account: each part says something, in both languages.
func TestDiagnosis(t *testing.T) {
	t.Parallel()
	for _, locale := range []string{english, french} {
		for _, status := range connection.ChannelStatuses() {
			for _, run := range synchronization.Statuses() {
				for _, outcome := range []string{"", "SUCCESS", "PARTIAL_SUCCESS", "WAITING", "FAILED", "SKIPPED"} {
					made := &synchronization.Synchronization{ID: "syn_1", Status: run}
					if outcome != "" {
						made.Accounts = []synchronization.AccountOutcome{{AccountID: "acc_1", Outcome: outcome}}
					}
					d := showDiagnosis(usecase.Diagnosis{
						Connection: &connection.Connection{Channels: []connection.Channel{{DefinitionID: "a", Status: status}}},
						Run:        made, Accounts: []ledger.Account{{ID: "acc_1", History: ledger.Moved}},
					}, locale)
					channel := d.Channels[0]
					require.NotEmpty(t, channel.WhatHappened)
					require.NotEmpty(t, channel.WhatToDo)
					require.Equal(t, channel.Turn, d.Turn)
					require.NotEqual(t, channel.Turn == "USER", channel.RequiredAction == nil, status)
					require.NotEmpty(t, d.Synchronization.WhatHappened)
					require.NotEmpty(t, d.Accounts[0].WhatHappened)
					require.Equal(t, "RECENT", d.Accounts[0].History)
				}
			}
		}
	}
	none := showDiagnosis(usecase.Diagnosis{Connection: &connection.Connection{}}, english)
	require.Nil(t, none.Synchronization)
	require.Equal(t, "NOBODY", none.Turn)
}

// TestDiagnosis_tells_what_the_bank_allows with nobody there, and when more.
func TestDiagnosis_tells_what_the_bank_allows(t *testing.T) {
	t.Parallel()
	next := time.Date(2026, 8, 1, 5, 0, 30, 0, time.UTC)
	shown := func(locale string, s quota.Standing) *allowanceView {
		return showDiagnosis(usecase.Diagnosis{
			Connection: &connection.Connection{Channels: []connection.Channel{{DefinitionID: "a", Status: connection.RateLimited}}},
			Quota:      usecase.Quota{Channels: []usecase.ChannelQuota{{Channel: "b"}, {Channel: "a", Standing: s}}},
		}, locale).Channels[0].Allowance
	}
	require.Nil(t, shown(english, quota.Standing{State: quota.Unlimited}))
	free := shown(english, quota.Standing{State: quota.Free})
	require.Equal(t, "FREE", free.State)
	require.Nil(t, free.NextAccessAt)
	for locale, says := range map[string]string{english: "again on 1 August 2026 at 05:01 UTC", french: "de nouveau le 1er août 2026 à 05:01 UTC"} {
		spent := shown(locale, quota.Standing{State: quota.Spent, Next: next})
		require.Equal(t, "SPENT", spent.State)
		require.Equal(t, next, *spent.NextAccessAt)
		require.Contains(t, spent.WhatHappened, says)
	}
}

func TestDiagnosis_of_one_that_asks_and_one_that_failed(t *testing.T) {
	t.Parallel()
	d := decoded(t, newRig().call("GET", "/v1/connections/"+con+"/diagnosis", clientToken, ""))
	require.Equal(t, "USER", d["turn"])
	channels := d["channels"].([]any)
	asking, failed := channels[0].(map[string]any), channels[1].(map[string]any)
	require.Equal(t, "Type the code.", asking["what_happened"])
	require.Equal(t, "Answer what your bank asks.", asking["what_to_do"])
	require.Equal(t, "ANSWER_CHALLENGE", asking["required_action"].(map[string]any)["type"])
	require.Equal(t, "Wrong password.", failed["what_happened"], "the bank's own words")
	require.Equal(t, "Check your credentials and enter them again.", failed["what_to_do"])
	require.Nil(t, failed["retry_at"])
}
