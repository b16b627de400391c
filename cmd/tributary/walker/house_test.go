package walker

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/bunstore"
	"github.com/tributary-dev/tributary/adapters/httpapi"
	"github.com/tributary-dev/tributary/adapters/oauth"
	"github.com/tributary-dev/tributary/adapters/telemetry"
	"github.com/tributary-dev/tributary/core/app/catalogue"
	"github.com/tributary-dev/tributary/core/app/connecting"
	"github.com/tributary-dev/tributary/core/app/consenting"
	"github.com/tributary-dev/tributary/core/app/correcting"
	"github.com/tributary-dev/tributary/core/app/delivering"
	"github.com/tributary-dev/tributary/core/app/enrolling"
	"github.com/tributary-dev/tributary/core/app/keeping"
	"github.com/tributary-dev/tributary/core/app/notifying"
	"github.com/tributary-dev/tributary/core/app/reading"
	"github.com/tributary-dev/tributary/core/app/rehearsing"
	"github.com/tributary-dev/tributary/core/app/repeating"
	"github.com/tributary-dev/tributary/core/app/ruling"
	"github.com/tributary-dev/tributary/core/app/synchronizing"
	"github.com/tributary-dev/tributary/core/app/visiting"
	"github.com/tributary-dev/tributary/core/client"
	"github.com/tributary-dev/tributary/core/ident"
	"github.com/tributary-dev/tributary/ports/bus/bustest"
	"github.com/tributary-dev/tributary/ports/fetcher/fetchertest"
	"github.com/tributary-dev/tributary/ports/jobs"
	"github.com/tributary-dev/tributary/ports/passwords/passwordstest"
	"github.com/tributary-dev/tributary/ports/sealer/sealertest"
	"github.com/tributary-dev/tributary/ports/store"
	"github.com/tributary-dev/tributary/ports/testbank/testbanktest"
	"github.com/tributary-dev/tributary/ports/usecase/usecasetest"
	"github.com/tributary-dev/tributary/ports/webhook/webhooktest"
)

// house is a whole server in one process, without a bank.
type house struct {
	store *bunstore.Store
	// log is what the server tells its operator, where a test listens.
	log *listened
	// trail is the store as the server sees it.
	trail *trail
	api   http.Handler
	// past issues tokens as the server did two hours ago: they have ended.
	past http.Handler
	ids  ident.Source
	// repeats keeps attempts; its clock is elapsed ahead.
	repeats *mortal
}

func open(t testing.TB) *house {
	t.Helper()
	h := openAt(t, filepath.Join(t.TempDir(), "walker.db"))
	t.Cleanup(func() { require.NoError(t, h.store.Close()) })
	return h
}

func openAt(t testing.TB, path string) *house {
	t.Helper()
	kept, err := bunstore.OpenSQLite(t.Context(), bunstore.Config{
		Path: path, Wake: func(context.Context, *sql.Tx, jobs.Job) error { return nil },
	})
	require.NoError(t, err)
	h := &house{store: kept, log: &listened{}, trail: &trail{Store: kept}, ids: ident.Real(), repeats: &mortal{}}
	h.repeats.Service = repeating.Service{Store: kept, Now: h.repeats.now}
	db := repeating.Guarded{Store: h.trail}
	hasher, box, banks := passwordstest.NewFake(), sealertest.NewFake(), usecasetest.NewCatalogue()
	quiet, twoHoursAgo := slog.New(slog.DiscardHandler), func() time.Time { return time.Now().Add(-2 * time.Hour) }
	loud, err := telemetry.NewLogger(h.log, telemetry.Config{Level: "debug", Format: "json", FromContext: []func(context.Context) []slog.Attr{httpapi.LogAttrs}})
	require.NoError(t, err)
	tokens := oauth.New(oauth.Config{Store: db, Hasher: hasher, Logger: loud})
	h.past = oauth.New(oauth.Config{Store: db, Hasher: hasher, Logger: quiet, Now: twoHoursAgo}).Handler()
	runs := synchronizing.Service{Store: db, Now: time.Now, IDs: h.ids}
	links := connecting.Service{Store: db, Catalogue: banks, Box: box, Now: time.Now, IDs: h.ids, Runs: runs}
	queues := delivering.Service{Store: db, Bus: bustest.NewFake(), Now: time.Now, IDs: h.ids}
	web, testBank := fetchertest.NewFake(), testbanktest.NewFake()
	require.Equal(t, published, web.Publish("/bank.yaml", fetchertest.Page{Body: testbanktest.Text}))
	web.Publish("/wrong", fetchertest.Page{Body: testbanktest.Wrong})
	hooks := notifying.Service{Store: db, Sender: webhooktest.NewFake(), Box: box, Encode: httpapi.EncodeEvent, Now: time.Now, Real: time.Now, IDs: h.ids}
	keeper := &rehearsing.Keeper{Store: kept, Bank: testBank, Clock: &rehearsing.Clock{Real: time.Now}, Log: quiet}
	h.api = httpapi.New(httpapi.Config{
		Authenticator: tokens, OAuth: tokens.Handler(), Attempts: h.repeats, Logger: loud,
		Users:     enrolling.Service{Store: db, Hasher: hasher, Box: box, Now: time.Now, IDs: h.ids},
		Providers: catalogue.Service{Catalogue: banks}, Consents: consenting.Service{Store: db, Now: time.Now, Runs: runs}, Connections: links, Challenges: links, Diagnoses: links, Quotas: links, Synchronizations: runs,
		Ledger: reading.Service{Store: db}, Feed: reading.Service{Store: db}, Accounts: keeping.Service{Store: db, Now: time.Now, IDs: h.ids},
		Transactions: correcting.Service{Store: db, Now: time.Now, IDs: h.ids}, Rules: ruling.Service{Store: db, Now: time.Now, IDs: h.ids}, Queues: queues, Webhooks: hooks, Deliveries: hooks, Events: delivering.Log{Service: queues},
		Configurations: rehearsing.Configurations{Store: db, Bank: testBank, Fetcher: web, Now: time.Now, IDs: h.ids, Log: quiet},
		WidgetSessions: visiting.Service{Store: db, Links: links, Runs: runs, Providers: catalogue.Service{Catalogue: banks}, Now: time.Now, IDs: h.ids, Rand: rand.Reader},
		Clock:          rehearsing.Moving{Store: db, Keeper: keeper}, Scenarios: rehearsing.Scenarios{Store: db, Keeper: keeper},
	})
	return h
}

// application is a client with its secret.
type application struct {
	id     ident.Client
	secret string
}

// register makes a client with every scope and right.
func (h *house) register(t testing.TB, name string) application {
	t.Helper()
	given, hash := oauth.NewSecret(rand.Reader)
	made, err := client.New(ident.New[ident.Client](h.ids), name, hash, time.Now())
	require.NoError(t, err)
	made.Rights = []client.Right{client.DirectCredentials, client.PasswordGrant, client.SandboxControl}
	h.update(t, func(tx store.Tx) error { return tx.Clients().Put(t.Context(), made) })
	return application{made.ID, given.Reveal()}
}

func (h *house) update(t testing.TB, write func(store.Tx) error) {
	t.Helper()
	require.NoError(t, h.store.Update(t.Context(), store.Fence{}, write))
}

// grant asks for tokens at one of the two servers.
func (h *house) grant(t testing.TB, at http.Handler, a application, form url.Values) (access, refresh, scope string) {
	t.Helper()
	var got struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
		Scope   string `json:"scope"`
	}
	text := h.form(t, at, "/oauth/token", a, form)
	require.NoError(t, json.Unmarshal([]byte(text), &got))
	require.NotEmpty(t, got.Access, text)
	return got.Access, got.Refresh, got.Scope
}

func (h *house) form(t testing.TB, at http.Handler, path string, a application, form url.Values) string {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.SetBasicAuth(string(a.id), a.secret)
	w := httptest.NewRecorder()
	at.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	return w.Body.String()
}

// everything is all that the database holds, but for tokens, whose use may be
// noted.
func (h *house) everything(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, table := range h.column(t, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'tokens' ORDER BY name`) {
		fmt.Fprintf(&all, "== %s\n", table)
		all.WriteString(h.rows(t, `SELECT * FROM `+table+` ORDER BY 1, 2`))
	}
	return all.String()
}

func (h *house) column(t *testing.T, query string) []string {
	t.Helper()
	return strings.Split(strings.TrimSpace(h.rows(t, query)), "\n")
}

func (h *house) rows(t *testing.T, query string) string {
	t.Helper()
	rows, err := h.store.WriteDB().QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { require.NoError(t, rows.Close()) }()
	names, err := rows.Columns()
	require.NoError(t, err)
	values, places := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		places[i] = &values[i]
	}
	var all strings.Builder
	for rows.Next() {
		require.NoError(t, rows.Scan(places...))
		fmt.Fprintln(&all, values...)
	}
	require.NoError(t, rows.Err())
	return all.String()
}
