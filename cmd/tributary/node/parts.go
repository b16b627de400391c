package node

import (
	"context"
	"crypto/rand"
	"database/sql"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/adapters/argon"
	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/adapters/widget"
	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/consenting"
	"github.com/tributary-dev/tributary/core/app/correcting"
	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/app/enrolling"
	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/planning"
	"github.com/tributary-dev/tributary/core/app/reading"
	"github.com/tributary-dev/tributary/core/app/repeating"
	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/app/scheduling"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/visiting"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/store"
)

// hint tells waiting readers that a client's log grew.
func (n *Node) hint(client ident.Client, seq int64) {
	n.bus.Publish(context.Background(), bus.Hint{Client: client, Seq: seq})
	if n.dispatcher != nil { // while the server is opened there is none
		n.dispatcher.Wake(client)
	}
}

// wake puts a job beside the state it belongs to: the store and the queue do
// not know each other, so the function goes from one to the other here.
func (n *Node) wake(ctx context.Context, tx *sql.Tx, job jobs.Job) error {
	return n.queue.EnqueueTx(ctx, tx, job)
}

// openAPI puts the use cases together and the API before them.
func (n *Node) openAPI(ctx context.Context) error {
	hasher := n.instruments.Hasher(argon.New(argon.Config{}))
	seen := through(n.config.Seams.Store, n.instruments.Store(n.store))
	n.tokens = oauth.New(oauth.Config{Store: seen, Hasher: hasher, Logger: n.log, Issuer: strings.TrimSuffix(n.URL(), "/")})
	kept := repeating.Guarded{Store: seen}
	planner := planning.Planner{Catalogue: n.plugins, Rand: rand.Reader}
	runs := synchronizing.Service{Store: kept, Now: n.now, Real: time.Now, IDs: n.ids, Planner: planner}
	links := connecting.Service{Store: kept, Catalogue: n.plugins, Box: n.box, Now: n.now, IDs: n.ids, Runs: runs}
	queues := delivering.Service{Store: kept, Bus: n.bus, Now: n.now, Real: time.Now, IDs: n.ids, Watch: &delivering.Watcher{Store: seen}}
	n.worker = &synchronizing.Worker{
		Store: seen, Catalogue: n.plugins, Gateway: through(n.config.Seams.Gateway, n.gateway()), Box: n.box, IDs: n.ids, Rand: rand.Reader, Now: n.now, Real: time.Now,
		Log: n.log, Owner: owner(), ReturnURL: n.URL() + "/connect/return", Limits: n.config.Seams.Pace.Limits.Defaults(),
		Planner: planner, Watch: scheduling.Watch{Store: seen, Now: n.now, Jitter: planner.Jitter, Log: n.log},
		Drain: synchronizing.NewDrain(n.config.DrainLimit),
	}
	n.consents = consenting.Sweeper{Store: seen, Now: n.now, Real: time.Now, Log: n.log, Planner: planner, Grace: n.config.Seams.Pace.Grace}
	n.forgetter = n.forget(seen)
	n.schedule(seen, planner)
	accounts := keeping.Service{Store: kept, Now: n.now, IDs: n.ids, Real: time.Now, Planner: planner}
	calls := httpapi.Config{
		Authenticator: n.tokens, OAuth: n.tokens.Handler(), Environment: n.config.Environment, ServerURL: n.URL(), Logger: n.log,
		Health: n.health(), Observe: n.instruments.Request, IDs: n.ids, Rate: n.config.rate(),
		Users:     enrolling.Service{Store: kept, Hasher: hasher, Box: n.box, Now: n.now, IDs: n.ids, Real: time.Now},
		Providers: catalogue.Service{Catalogue: n.plugins, Store: seen, Now: n.now}, Connections: links, Challenges: links, Diagnoses: links, Quotas: links, Synchronizations: runs,
		Ledger: reading.Service{Store: seen}, Feed: reading.Service{Store: seen}, Accounts: accounts,
		Transactions: correcting.Service{Store: kept, Now: n.now, IDs: n.ids}, Rules: ruling.Service{Store: kept, Now: n.now, IDs: n.ids},
		Consents: consenting.Service{Store: kept, Now: n.now, Runs: runs},
		Queues:   queues, Events: delivering.Log{Service: queues},
		Attempts: repeating.Service{Store: seen, Now: time.Now, Lease: n.config.Seams.Pace.attempt(), Box: n.box},
	}
	visits := visiting.Service{
		Store: kept, Links: links, Runs: runs, Providers: calls.Providers, Consents: calls.Consents, Accounts: accounts,
		Now: time.Now, IDs: n.ids, Rand: rand.Reader,
	}
	calls.WidgetSessions, n.visits = visits, visits
	calls.Pages = widget.New(widget.Config{Visits: visits, ServerURL: n.URL(), Now: time.Now, Logger: n.log})
	n.notify(seen, kept, &calls)
	n.rehearse(kept, &calls)
	n.server = httpapi.NewServer(behind(n.config.BehindProxy, httpapi.New(calls)), n.log)
	if n.config.Environment == "sandbox" { // its demo client has the grant on purpose
		return nil
	}
	return n.tokens.WarnOfPasswordGrant(ctx)
}

// looking is how often a process looks for connections that are due.
const looking = time.Second

// schedule makes what queues the runs that nobody asked for. A process that is
// sent the same call twice does so once; the scheduler has no such calls.
func (n *Node) schedule(state store.Store, planner planning.Planner) {
	n.scheduler = &scheduling.Scheduler{
		Store: state, Planner: planner, Now: n.now, Log: n.log, Limits: scheduling.Limits{}.Defaults(),
		Runs: synchronizing.Service{Store: state, Now: n.now, Real: time.Now, IDs: n.ids, Planner: planner},
	}
}

// sweepTokens deletes tokens and visits to the widget that ended, now and every
// hour.
func (n *Node) sweepTokens(ctx context.Context) error {
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		if err := n.tokens.Sweep(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "ended tokens not deleted", "error", err)
		}
		if err := n.visits.Sweep(ctx); err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "ended visits not deleted", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
