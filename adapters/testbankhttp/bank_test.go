package testbankhttp_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/adapters/testbankhttp"
	"github.com/tributary-dev/tributary/core/ident"
	port "github.com/tributary-dev/tributary/ports/testbank"
	"github.com/tributary-dev/tributary/ports/testbank/testbanktest"
	"github.com/tributary-dev/tributary/testbank"
	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/config"
)

// The contract is held against the real test bank, as it answers HTTP.
func TestBank(t *testing.T) {
	t.Parallel()
	testbanktest.Run(t, func(t *testing.T) testbanktest.World {
		var running atomic.Pointer[testbank.Server]
		restart := func() { running.Store(fresh(t)) }
		restart()
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { running.Load().ServeHTTP(w, r) }))
		t.Cleanup(server.Close)
		return testbanktest.World{
			Bank: testbankhttp.New(server.URL), Restart: restart, Stop: server.Close, Now: func() time.Time { return running.Load().Bank.Now() },
		}
	})
}

func fresh(t *testing.T) *testbank.Server {
	t.Helper()
	file, err := config.Parse([]byte("personas:\n  - {login: ann, password: p, holder: Ann}\n"))
	require.NoError(t, err)
	server, err := testbank.New(file, bank.Options{})
	require.NoError(t, err)
	return server
}

func TestBank_tells_its_own_limits(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(fresh(t))
	t.Cleanup(server.Close)
	b := testbankhttp.New(server.URL)
	put := func(text string) error {
		_, err := b.Put(t.Context(), ident.New[ident.Configuration](ident.Real()), []byte(text))
		return err
	}
	require.ErrorIs(t, put(strings.Repeat("#", config.MaxBytes+1)), port.ErrTooLarge)
	for range testbank.MaxConfigurations {
		require.NoError(t, put(testbanktest.Text))
	}
	require.ErrorIs(t, put(testbanktest.Text), port.ErrFull)
}

// What answers at the address may be anything.
func TestBank_takes_no_stranger_for_one(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"nonsense":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>" + testbanktest.Canary)) },
		"not found": http.NotFound,
		"broken":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"elsewhere": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/else", http.StatusFound) },
		"empty":     func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(answer)
			t.Cleanup(server.Close)
			_, err := testbankhttp.New(server.URL).Instance(t.Context())
			require.ErrorIs(t, err, port.ErrUnavailable)
			require.NotContains(t, err.Error(), testbanktest.Canary)
		})
	}
	_, err := testbankhttp.New("").Instance(t.Context())
	require.ErrorIs(t, err, port.ErrUnavailable)
}
