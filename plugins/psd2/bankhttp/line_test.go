package bankhttp_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

func serve(t *testing.T, handler http.HandlerFunc) (*httptest.Server, operator.Identity) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return server, operator.Identity{Roots: roots}
}

func line(t *testing.T, api string, identity operator.Identity, hosts ...string) *bankhttp.Line {
	t.Helper()
	l, err := bankhttp.New(catalogue.Bank{ID: "bank", Addresses: catalogue.Addresses{API: api, VersionPath: "v1", Hosts: hosts}}, identity)
	require.NoError(t, err)
	return l
}

func get(ctx context.Context, l *bankhttp.Line, to *url.URL) (bankhttp.Answer, error) {
	return l.Do(ctx, bankhttp.Ask{Method: http.MethodGet, To: to})
}

func code(t *testing.T, err error) sdk.Code {
	t.Helper()
	var failure *sdk.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, sdk.Bank, failure.Whose)
	return failure.Code
}

// A bank hangs up on the first request before its alert is read, as the network has it now and then. What it has against us
// it says to a connection that asks nothing; where it has nothing, it is a bank that is down.
func TestABankThatHangsUp(t *testing.T) {
	t.Parallel()
	ours, err := eidas.NewAuthority("Ours", time.Now(), time.Hour)
	require.NoError(t, err)
	theirs, err := eidas.NewAuthority("Theirs", time.Now(), time.Hour)
	require.NoError(t, err)
	pair, err := ours.Web(eidas.Organization{Name: "Bank", Country: "FR", ID: "PSDFR-ACPR-1", Supervisor: "ACPR", SupervisorID: "FR-ACPR"}, "127.0.0.1")
	require.NoError(t, err)
	own, err := tls.X509KeyPair(pair.Certificate, pair.Key)
	require.NoError(t, err)
	for _, refuses := range []bool{true, false} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		t.Cleanup(func() { _ = listener.Close() })
		go func() {
			for n := 0; ; n++ {
				connection, err := listener.Accept()
				if err != nil {
					return
				}
				settings := &tls.Config{Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS13}
				if n > 0 && refuses {
					settings.ClientAuth, settings.ClientCAs = tls.RequireAndVerifyClientCert, theirs.Pool()
				}
				secured := tls.Server(connection, settings)
				if secured.Handshake() == nil && n == 0 {
					_, _ = secured.Read(make([]byte, 1))
				}
				_ = connection.(*net.TCPConn).SetLinger(map[bool]int{true: 0, false: -1}[n == 0])
				_ = connection.Close()
			}
		}()
		l := line(t, "https://"+listener.Addr().String(), operator.Identity{Roots: ours.Pool(), Transport: &own})
		_, err = get(t.Context(), l, l.Path("v1"))
		var failure *sdk.Failure
		require.ErrorAs(t, err, &failure)
		if refuses {
			require.Equal(t, "TECHNICAL_ERROR HOST", string(failure.Code)+" "+string(failure.Whose))
		} else {
			require.Equal(t, "PROVIDER_UNAVAILABLE BANK", string(failure.Code)+" "+string(failure.Whose))
		}
	}
}

func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	server, identity := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/long":
			for range 17 {
				_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
			}
		case "/api/cut":
			w.Header().Set("Content-Length", "100")
			_, _ = io.WriteString(w, "short")
		case "/api/headers":
			w.Header().Set("X", strings.Repeat("x", 1<<20))
		case "/api/moved":
			http.Redirect(w, r, "https://elsewhere.example/", http.StatusFound)
		default:
			_, _ = io.WriteString(w, r.URL.RequestURI())
		}
	})
	l := line(t, server.URL+"/api", identity)
	answer, err := get(t.Context(), l, l.Path("v1", "a/b c?"))
	require.NoError(t, err)
	require.Equal(t, "/api/v1/a%2Fb%20c%3F", string(answer.Body))
	_, err = get(t.Context(), l, l.Path("long"))
	require.Equal(t, sdk.BadData, code(t, err))
	_, err = get(t.Context(), l, l.Path("cut"))
	require.Equal(t, sdk.ProviderUnavailable, code(t, err))
	_, err = get(t.Context(), l, l.Path("headers"))
	require.Equal(t, sdk.ProviderUnavailable, code(t, err))
	answer, err = get(t.Context(), l, l.Path("moved"))
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, answer.Status, "not followed")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = get(ended, l, l.Path("x"))
	require.ErrorIs(t, err, context.Canceled)
}

// TLS is verified, always: the name, and who issued the certificate.
func TestCertificatesAreVerified(t *testing.T) {
	t.Parallel()
	server, identity := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("was reached") })
	for name, l := range map[string]*bankhttp.Line{
		"another name":   line(t, strings.Replace(server.URL, "127.0.0.1", "localhost", 1), identity),
		"another issuer": line(t, server.URL, operator.Identity{}),
	} {
		_, err := get(t.Context(), l, l.Path("x"))
		require.Equal(t, sdk.ProviderUnavailable, code(t, err), name)
		var wrong *tls.CertificateVerificationError
		require.ErrorAs(t, errors.Unwrap(err), &wrong, name)
	}
}

// A bank that refuses our certificate is the operator's to mend: it is no bank that is down.
func TestTheBankRefusesOurCertificate(t *testing.T) {
	t.Parallel()
	theirs, err := eidas.NewAuthority("Theirs", time.Now(), time.Hour)
	require.NoError(t, err)
	ours, err := eidas.NewAuthority("Ours", time.Now(), time.Hour)
	require.NoError(t, err)
	pair, err := ours.Web(eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345"})
	require.NoError(t, err)
	certificate, err := tls.X509KeyPair(pair.Certificate, pair.Key)
	require.NoError(t, err)
	for version, number := range map[string]uint16{"TLS 1.2": tls.VersionTLS12, "TLS 1.3": tls.VersionTLS13} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("was reached") }))
		server.TLS = &tls.Config{ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: theirs.Pool(), MinVersion: number, MaxVersion: number}
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.StartTLS()
		t.Cleanup(server.Close)
		roots := x509.NewCertPool()
		roots.AddCert(server.Certificate())
		for name, transport := range map[string]*tls.Certificate{"another issuer": &certificate, "none": nil} {
			if transport == nil && number == tls.VersionTLS12 {
				continue // its alert says only that the handshake failed
			}
			l := line(t, server.URL, operator.Identity{Roots: roots, Transport: transport})
			_, err = get(t.Context(), l, l.Path("x"))
			var failure *sdk.Failure
			require.ErrorAs(t, err, &failure, "%s, %s", version, name)
			require.Equal(t, sdk.Technical, failure.Code, "%s, %s: %v", version, name, failure.Cause)
			require.Equal(t, sdk.Host, failure.Whose, "%s, %s", version, name)
		}
	}
}

func TestOtherHostsAreNotContacted(t *testing.T) {
	t.Parallel()
	server, identity := serve(t, func(http.ResponseWriter, *http.Request) {})
	other, _ := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("was reached") })
	l := line(t, server.URL+"/psd2", identity)
	elsewhere, err := url.Parse(other.URL)
	require.NoError(t, err)
	_, err = get(t.Context(), l, elsewhere)
	require.Equal(t, sdk.BadData, code(t, err))
	_, err = l.Client().Get(other.URL) //nolint:noctx // nothing is sent
	require.ErrorIs(t, err, bankhttp.ErrHost)
	_, err = l.Client().Get(strings.Replace(server.URL, "https", "http", 1)) //nolint:noctx // nothing is sent
	require.ErrorIs(t, err, bankhttp.ErrHost)
}

func TestLinks(t *testing.T) {
	t.Parallel()
	l := line(t, "https://bank.example/psd2", operator.Identity{}, "login.bank.example")
	from := l.Path("v1", "accounts", "1", "transactions")
	for link, want := range map[string]string{
		"https://bank.example/x": "https://bank.example/x", "https://login.bank.example/a?b=c": "https://login.bank.example/a?b=c",
		"/v1/accounts?x=1": "https://bank.example/psd2/v1/accounts?x=1", "/psd2/v1/accounts": "https://bank.example/psd2/v1/accounts",
		"?page=2": "https://bank.example/psd2/v1/accounts/1/transactions?page=2", "balances": "https://bank.example/psd2/v1/accounts/1/balances",
		"v1/accounts/1/balances":                                 "https://bank.example/psd2/v1/accounts/1/balances",
		"bank.example/psd2/v1/accounts/1/transactions/download/": "https://bank.example/psd2/v1/accounts/1/transactions/download/",
	} {
		to, err := l.Resolve(from, link)
		require.NoError(t, err, link)
		require.Equal(t, want, to.String())
	}
	for _, link := range []string{"", "http://bank.example/x", "//evil.example/x", "https://bank.example:8443/", "https://bank.example@evil.example/", "javascript:alert(1)", "https://u@bank.example/", "https://bank.example.evil/", ":"} {
		_, err := l.Page(from, link)
		require.Error(t, err, link)
	}
}

// A test bank on the machine itself may have its pages without TLS; nothing else may, and no call of ours.
func TestPagesOnThisMachine(t *testing.T) {
	t.Parallel()
	l := line(t, "https://127.0.0.1:8792/xs2a", operator.Identity{}, "127.0.0.1:8091", "bank.example", "10.0.0.1")
	from := l.Path("v1", "consents")
	page, err := l.Page(from, "http://127.0.0.1:8091/page?x=1")
	require.NoError(t, err)
	require.Equal(t, "http://127.0.0.1:8091/page?x=1", page)
	for _, link := range []string{"http://127.0.0.1:8092/page", "http://bank.example/", "http://10.0.0.1/", "http://u@127.0.0.1:8091/", "ftp://127.0.0.1:8091/"} {
		_, err := l.Page(from, link)
		require.Error(t, err, link)
	}
	_, err = l.Resolve(from, "http://127.0.0.1:8091/page")
	require.Error(t, err, "we ourselves call nobody without TLS")
}

func TestASignatureNeedsASeal(t *testing.T) {
	t.Parallel()
	_, err := bankhttp.New(catalogue.Bank{ID: "bank", Signature: &catalogue.Signature{}}, operator.Identity{})
	require.ErrorContains(t, err, "needs a seal")
	_, err = bankhttp.New(catalogue.Bank{ID: "bank", Signature: &catalogue.Signature{Key: catalogue.KeyAddress}}, operator.Identity{Seal: &operator.Seal{}})
	require.ErrorContains(t, err, "needs an address")
}
