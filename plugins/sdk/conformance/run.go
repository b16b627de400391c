package conformance

import (
	"context"
	"testing"
	"time"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// patience bounds one check; banks are slow.
const patience = 2 * time.Minute

// Run holds the plugin that launch starts to the contract. It is started once.
func Run(t *testing.T, launch func(t *testing.T) sdk.Provider, cases ...Case) {
	t.Helper()
	if len(cases) == 0 {
		t.Fatal("conformance: there is no case")
	}
	p := launch(t)
	for name, check := range general {
		t.Run(name, func(t *testing.T) { hold(t, func(ctx context.Context) error { return check(ctx, p, cases) }) })
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			for name, check := range particular {
				t.Run(name, func(t *testing.T) { hold(t, func(ctx context.Context) error { return check(ctx, p, c) }) })
			}
		})
	}
}

func hold(t *testing.T, check func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := check(ctx); err != nil {
		t.Error(err)
	}
}

// general are the checks of the plugin as a whole.
var general = map[string]func(context.Context, sdk.Provider, []Case) error{
	"Description_is_valid_and_stable": describes,
	"Cases_are_of_the_description":    casesKnown,
	"Logos_can_be_drawn":              logosDrawn,
	"Sessions_never_mix":              sessionsApart,
}

// particular are the checks of one case.
var particular = map[string]func(context.Context, sdk.Provider, Case) error{
	"Unknown_provider_fails_typed":          unknownProvider,
	"Unknown_channel_fails_typed":           unknownChannel,
	"Session_opens":                         opens,
	"Wrong_credentials_name_the_fields":     wrongCredentials,
	"Nobody_there_is_never_challenged":      nobodyThere,
	"Unreadable_versions_are_typed":         unreadable,
	"Ended_context_ends_the_call":           contextEnds,
	"Fetch_is_well_formed":                  fetchWellFormed,
	"Debits_are_negative":                   debits,
	"Rows_are_inside_the_window":            window,
	"List_of_accounts_reads_nothing_else":   listOnly,
	"Skipped_accounts_are_only_listed":      skips,
	"Error_of_the_sink_stops_the_fetch":     sinkStops,
	"Fetching_twice_tells_the_same":         repeatable,
	"Challenge_can_be_sent_again":           sendsAgain,
	"Session_ends":                          ends,
	"Secrets_are_used_or_refused_with_type": reuse,
}
