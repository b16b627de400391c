package conformance

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

func example() Case {
	return Case{
		Name: "ada", ProviderID: "sample", ChannelID: "sample-embedded",
		Credentials: sdk.Secrets{"login": "ada", "password": "right"}, Wrong: sdk.Secrets{"login": "ada", "password": "wrong"},
		Answer: func(sdk.Challenge) sdk.Secrets { return sdk.Secrets{"code": "1"} },
		Since:  "2026-01-01", Until: "2026-01-31",
	}
}

func provider(fault string) sdk.Provider { return ending{sample{fault, new(int)}, new(int)} }

func TestAGoodProviderPasses(t *testing.T) {
	t.Parallel()
	second := example()
	second.Name, second.Credentials = "bob", sdk.Secrets{"login": "bob", "password": "right"}
	Run(t, func(*testing.T) sdk.Provider { return provider("") }, example(), second)
}

// Every check of the suite was seen to fail: here is the fault that it finds.
func TestEveryCheckFindsItsFault(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for fault, check := range map[string]string{
		"describes-otherwise":      "Description_is_valid_and_stable",
		"mixes-sessions":           "Sessions_never_mix",
		"tells-a-page-as-its-logo": "Logos_can_be_drawn",
		"takes-any-provider":       "Unknown_provider_fails_typed",
		"takes-any-channel":        "Unknown_channel_fails_typed",
		"never-opens":              "Session_opens",
		"takes-any-password":       "Wrong_credentials_name_the_fields",
		"names-strange-fields":     "Wrong_credentials_name_the_fields",
		"fails-untyped":            "Wrong_credentials_name_the_fields",
		"challenges-nobody":        "Nobody_there_is_never_challenged",
		"guesses":                  "Unreadable_versions_are_typed",
		"guesses-at-fetch":         "Unreadable_versions_are_typed",
		"guesses-at-refresh":       "Unreadable_versions_are_typed",
		"ignores-the-context":      "Ended_context_ends_the_call",
		"tells-strange-types":      "Fetch_is_well_formed",
		"never-done":               "Fetch_is_well_formed",
		"tells-positive-debits":    "Debits_are_negative",
		"leaves-the-window":        "Rows_are_inside_the_window",
		"reads-in-lists":           "List_of_accounts_reads_nothing_else",
		"reads-skipped":            "Skipped_accounts_are_only_listed",
		"ignores-the-sink":         "Error_of_the_sink_stops_the_fetch",
		"forgets-its-accounts":     "Fetching_twice_tells_the_same",
		"takes-it-for-an-answer":   "Challenge_can_be_sent_again",
		"ends-when-asked-again":    "Challenge_can_be_sent_again",
		"counts-up":                "Challenge_can_be_sent_again",
		"ends-once":                "Session_ends",
	} {
		found[check] = true
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			p := provider(fault)
			if run, ok := general[check]; ok {
				require.Error(t, run(t.Context(), p, []Case{example()}))
				return
			}
			require.Error(t, particular[check](t.Context(), p, example()))
		})
	}
	require.NoError(t, particular["Challenge_can_be_sent_again"](t.Context(), provider("refuses-for-now"), example()))
	stranger := example()
	stranger.ChannelID = "other"
	require.Error(t, general["Cases_are_of_the_description"](t.Context(), provider(""), []Case{stranger}))
	require.Error(t, particular["Secrets_are_used_or_refused_with_type"](t.Context(), provider("never-opens"), example()))
	require.Len(t, found, len(general)+len(particular)-2)
}
