package telemetry

import (
	"cmp"
	"fmt"
	"strings"
)

// metric is one family: what is measured, and by which labels.
type metric struct {
	name, kind, help string
	labels           []string
	buckets          []float64
}

const (
	counter   = "counter"
	gauge     = "gauge"
	histogram = "histogram"
)

var (
	quick = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	slow  = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800}
)

// The families. docs/reference/metrics.md is made from them.
var (
	requests = metric{name: "http_requests_total", kind: counter, labels: []string{"method", "route", "status"},
		help: "Requests answered, by the pattern of the route."}
	requestSeconds = metric{name: "http_request_seconds", kind: histogram, labels: []string{"method", "route"}, buckets: quick,
		help: "Time to answer a request; long polls wait on purpose."}
	requestsNow = metric{name: "http_requests_in_flight", kind: gauge, help: "Requests being answered."}

	runs = metric{name: "synchronizations_total", kind: counter, labels: []string{"type", "trigger", "outcome"},
		help: "Synchronizations that came to their end here."}
	runSeconds = metric{name: "synchronization_seconds", kind: histogram, labels: []string{"type", "outcome"}, buckets: slow,
		help: "From the start of a synchronization to its end, waiting for the user included."}

	calls = metric{name: "bank_calls_total", kind: counter, labels: []string{"plugin", "call", "code"},
		help: "Calls of plugins, by the code they ended with: OK, CANCELLED by us, or a code of a failure."}
	callSeconds = metric{name: "bank_call_seconds", kind: histogram, labels: []string{"plugin", "call"}, buckets: slow,
		help: "Time of a call of a plugin."}

	works = metric{name: "jobs_total", kind: counter, labels: []string{"kind", "outcome"},
		help: "Jobs worked on; the outcome is ok, failed or panicked."}
	workSeconds = metric{name: "job_seconds", kind: histogram, labels: []string{"kind"}, buckets: slow, help: "Time of a job."}
	worksNow    = metric{name: "jobs_in_flight", kind: gauge, labels: []string{"kind"}, help: "Jobs being worked on."}

	storeSeconds = metric{name: "store_seconds", kind: histogram, labels: []string{"operation", "outcome"}, buckets: quick,
		help: "Time of a transaction: view or update; ok, refused by a rule, or failed."}

	hashesNow = metric{name: "password_hashes_in_flight", kind: gauge,
		help: "Passwords being hashed or waiting for their turn."}
	hashSeconds = metric{name: "password_hash_seconds", kind: histogram, buckets: quick,
		help: "Time to hash a password, waiting included."}

	pluginState = metric{name: "plugin_state", kind: gauge, labels: []string{"plugin", "state"},
		help: "1 for the state of each plugin: STARTING, UP, RESTARTING, GIVEN_UP or DRAINING."}
	pluginRestarts = metric{name: "plugin_restarts_total", kind: counter, labels: []string{"plugin"},
		help: "Times a plugin was started again by its supervisor."}
	pluginCalls = metric{name: "plugin_calls_in_flight", kind: gauge, labels: []string{"plugin"}, help: "Calls a plugin is working on."}

	posts = metric{name: "webhook_attempts_total", kind: counter, labels: []string{"outcome"},
		help: "Requests to webhooks' endpoints: delivered (2xx), refused (any other status), or why there was no answer: unreachable, tls_failed, timeout."}
	postSeconds = metric{name: "webhook_attempt_seconds", kind: histogram, labels: []string{"outcome"}, buckets: quick, help: "Time of such a request, until its answer was read."}
	postsNow    = metric{name: "webhook_attempts_in_flight", kind: gauge, help: "Such requests under way."}
	deliveries  = metric{name: "webhook_deliveries_total", kind: counter, labels: []string{"outcome"},
		help: "Events that came to their end for a webhook: delivered, or failed when they had been tried as often as the schedule says."}

	webhookLag = metric{name: "webhook_lag", kind: gauge,
		help: "Events that enabled webhooks have not come to yet, all together. It is missing when it cannot be read, as are the two that follow."}
	webhookPending = metric{name: "webhook_deliveries_pending", kind: gauge, help: "Deliveries that will be tried again, of all webhooks."}
	webhookOldest  = metric{name: "webhook_oldest_pending_seconds", kind: gauge, help: "How long the oldest of them has been tried; 0 where there is none."}

	brokerUp = metric{name: "broker_up", kind: gauge,
		help: "1 while a broker carries hints between servers, else 0: events of other servers are then seen up to two seconds later. It is missing on a server that has no broker."}

	eventLag = metric{name: "event_lag", kind: gauge,
		help: "Events between what each queue has acknowledged and the newest of its client, all queues together; events that a queue's filter leaves out count until it acknowledges a later one. It is missing when it cannot be read."}
	eventLagLongest = metric{name: "event_lag_longest", kind: gauge,
		help: "The same for the queue that is furthest behind: one that keeps growing has no reader any more."}
)

// table is all of them, in the order of the document.
var table = []metric{
	requests, requestSeconds, requestsNow, runs, runSeconds, calls, callSeconds, works, workSeconds, worksNow,
	storeSeconds, hashesNow, hashSeconds, pluginState, pluginRestarts, pluginCalls,
	posts, postSeconds, postsNow, deliveries, webhookLag, webhookPending, webhookOldest, brokerUp, eventLag, eventLagLongest,
}

const namespace = "tributary"

// Reference is the document of the metrics, in Markdown.
func Reference() string {
	var out strings.Builder
	out.WriteString(`# Metrics

Served for Prometheus on a listener of their own, never on the API's address. No label names a client, a user or a
connection. Beside these there are the usual ` + "`go_*` and `process_*`" + ` families.

| metric | kind | labels | what it is |
|---|---|---|---|
`)
	for _, m := range table {
		var labels []string
		for _, label := range m.labels {
			labels = append(labels, "`"+label+"`")
		}
		fmt.Fprintf(&out, "| `%s_%s` | %s | %s | %s |\n", namespace, m.name, m.kind, cmp.Or(strings.Join(labels, ", "), "none"), m.help)
	}
	out.WriteString("\nTimes are in seconds. This page is generated from the code.\n")
	return out.String()
}
