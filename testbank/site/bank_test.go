package site_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// world is a bank behind a listener, with a clock that only the test moves.
type world struct {
	t      *testing.T
	url    string
	file   *config.File
	mu     sync.Mutex
	now    time.Time
	waited time.Duration
}

func open(t *testing.T, text []byte) *world {
	t.Helper()
	file, err := config.Parse(text)
	require.NoError(t, err)
	w := &world{t: t, file: file, now: time.Date(2026, 3, 14, 9, 0, 0, 0, time.UTC)}
	server, err := testbank.New(file, bank.Options{
		Now: func() time.Time { w.mu.Lock(); defer w.mu.Unlock(); return w.now },
		Wait: func(_ context.Context, d time.Duration) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.waited = max(w.waited, d)
			return nil
		},
	})
	require.NoError(t, err)
	listener := httptest.NewServer(server)
	t.Cleanup(func() { server.Close(); listener.Close() })
	w.url = listener.URL
	return w
}

// longest is the longest time that the bank let pass.
func (w *world) longest() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.waited
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// row is a transaction of the truth, account one of its accounts.
type row struct {
	ID              string
	BookingDate     string `json:"booking_date"`
	ValueDate       string `json:"value_date"`
	TransactionDate string `json:"transaction_date"`
	Amount, Label   string
	Currency        string
	Status          string
}

type account struct {
	ID, Ref, Name, Type, IBAN, Number, Currency, Status string
	Told                                                bool
	Balances                                            []struct{ Type, Amount string }
	Transactions                                        []row
}

// truth is what the bank says to its operator of one customer.
func (w *world) truth(t *testing.T, login string) []account {
	t.Helper()
	var body struct {
		Personas []struct{ Accounts []account }
	}
	w.admin(t, http.MethodGet, "truth?login="+login, "", &body)
	require.Len(t, body.Personas, 1)
	return body.Personas[0].Accounts
}

func (w *world) stats(t *testing.T, login string) map[string]int {
	t.Helper()
	var stats map[string]int
	w.admin(t, http.MethodGet, "personas/"+login+"/stats", "", &stats)
	return stats
}

func (w *world) admin(t *testing.T, method, path, body string, into any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, w.url+"/api/admin/"+path, strings.NewReader(body))
	require.NoError(t, err)
	response, err := (&http.Client{Transport: &http.Transport{}}).Do(request)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Less(t, response.StatusCode, 300, path)
	if into != nil {
		require.NoError(t, json.NewDecoder(response.Body).Decode(into))
	}
}

func jsonBody(text string) io.Reader { return strings.NewReader(text) }

// persona gives a customer of the file.
func (w *world) persona(login string) config.Persona {
	for _, p := range w.file.Personas {
		if p.Login == login {
			return p
		}
	}
	require.FailNow(w.t, "no persona "+login)
	return config.Persona{}
}
