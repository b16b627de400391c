package endtoend

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// befallen are customers to whom something happens that happens to nobody in the file that ships, by login.
func befallen(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{
		"hostile":   "behaviours: [{kind: hostile, where: accounts, answer: broken}]",
		"hasty":     `challenge: {kind: sms_code, code: "123456", expires_after: 3s}`,
		"forgetful": `challenge: {kind: sms_code, code: "123456", tries: 2}`,
	}
	for _, page := range words(t, "personas", "behaviours", "page") {
		for _, fault := range words(t, "personas", "behaviours", "fault") {
			all[broken(page, fault)] = fmt.Sprintf("behaviours: [{kind: broken_page, page: %s, fault: %s}]%s", page, fault, map[bool]string{true: `
    challenge: {kind: sms_code, code: "123456"}`}[page == "challenge"])
		}
	}
	return all
}

func broken(page, fault string) string { return "broken-" + page + "-" + fault }

// faults are what comes of it.
func faults() map[string]func(*testing.T, siteVisit) {
	return map[string]func(*testing.T, siteVisit){
		"hostile": reads, // of the PSD2 interface alone
		"hasty": func(t *testing.T, v siteVisit) { // the code comes too late
			l := v.connects(t)
			asked := v.asked(t, l, "FORM")
			time.Sleep(3 * time.Second) // the bank's limit, on real time
			v.says(t, l, asked, "code", v.Challenge.Code)
			v.ends(t, l, "CHALLENGE_REQUIRED")
		},
		"forgetful": func(t *testing.T, v siteVisit) { // no code is tried too often
			l := v.connects(t)
			asked := v.asked(t, l, "FORM")
			v.says(t, l, asked, "code", wrongCode)
			v.says(t, l, v.asked(t, l, "FORM", asked), "code", wrongCode)
			v.ends(t, l, "CHALLENGE_REQUIRED")
		},
		broken("log_in", "error"):         ends("PROVIDER_UNAVAILABLE"),
		broken("log_in", "cut_off"):       ends("PROVIDER_UNAVAILABLE"),
		broken("log_in", "endless"):       ends("PROVIDER_UNAVAILABLE"),
		broken("challenge", "error"):      ends("PROVIDER_UNAVAILABLE"),
		broken("challenge", "cut_off"):    ends("PROVIDER_UNAVAILABLE"),
		broken("challenge", "endless"):    ends("PROVIDER_UNAVAILABLE"),
		broken("accounts", "error"):       ends("PROVIDER_UNAVAILABLE"),
		broken("accounts", "cut_off"):     ends("PROVIDER_UNAVAILABLE"),
		broken("accounts", "endless"):     ends("PROVIDER_UNAVAILABLE"),
		broken("transactions", "error"):   unread,
		broken("transactions", "cut_off"): unread,
		broken("transactions", "endless"): unread,
		broken("download", "error"):       reads, // the recipes download nothing
		broken("download", "cut_off"):     reads,
		broken("download", "endless"):     reads,
	}
}

// unread: the accounts are there with their balances, and what is on them is said not to be known. Nothing is made up.
func unread(t *testing.T, v siteVisit) {
	l := v.connects(t)
	run := v.over(t, l)
	require.Equal(t, "PROVIDER_UNAVAILABLE", run.text(t, ".accounts[0].error.code"))
	for _, a := range v.user.every(t, "/v1/accounts?connection_id="+l.id) {
		require.Empty(t, v.user.every(t, "/v1/transactions?account_id="+plainText(a["id"])))
	}
}
