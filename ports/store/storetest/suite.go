package storetest

import (
	"testing"

	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// Subject is a store under test, empty, with what it did to its surroundings.
type Subject struct {
	Store store.Store
	// Jobs lists the jobs that were woken for good, oldest first.
	Jobs func() []jobs.Job
}

// Open makes a subject for one test; it closes it with the test's Cleanup.
type Open func(t *testing.T, options Options) Subject

// Run holds a store to the contract of ports/store.
func Run(t *testing.T, open Open) {
	t.Helper()
	for name, cases := range map[string][]testCase{
		"round_trip": roundTrips, "isolation": isolations, "paging": pagings, "update": updates,
		"lost_updates": lostUpdates, "refusals": refusals, "events": eventCases, "past": pastCases,
		"runs": runCases, "users": userCases, "deletion": deletions, "tokens": tokenCases, "attempts": attemptCases, "challenges": challengeCases,
		"ledger": ledgerCases, "feed": feedCases, "revisions": revisionCases, "balances": balanceCases, "view": viewCases, "peek": peekCases, "clock": clockCases, "outages": outageCases, "configurations": configurationCases, "rules": ruleCases, "widget_sessions": visitCases, "themes": themeCases, "consents": consentCases, "quotas": quotaCases,
		"schedules": scheduleCases, "breakers": breakerCases,
		"webhooks": webhookCases, "deliveries": deliveryCases,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.run(newWorld(t, open))
				})
			}
		})
	}
}

// testCase is one thing the contract says.
type testCase struct {
	name string
	run  func(*world)
}
