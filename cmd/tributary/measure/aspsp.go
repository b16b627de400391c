package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/certificates"
)

// aspspRows is what stands on the account of the PSD2 bank, aspspPage how much of it is on one page.
const (
	aspspRows = 100_000
	aspspPage = 1_000
)

// aspsp is a PSD2 bank that costs next to nothing: what it answers was written before.
type aspsp struct {
	server *httptest.Server
	trust  *x509.CertPool
	// rows are as the standard has them, the newest first, days the day of each.
	rows, days []string
	config     string // of a server that has it in its catalogue
	folders    map[string]string
	mu         sync.Mutex
	// asked is when the list of accounts was asked for first, calls how many calls there were, windows the pages of each
	// range of days that was asked for.
	asked   time.Time
	calls   int
	windows map[string]int
}

// forget begins to count anew.
func (a *aspsp) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked, a.calls, a.windows = time.Time{}, 0, map[string]int{}
}

// counted tells when the reading began, how many calls there were, and how many are needed: a consent and its record, and
// of each range of days the list, which has the balances, and each page once.
func (a *aspsp) counted() (asked time.Time, calls, needed int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	needed = 2
	for _, pages := range a.windows {
		needed += 1 + pages
	}
	return a.asked, a.calls, needed
}

// openASPSP starts the bank, and writes what the plugin needs to know of it.
func (b *bench) openASPSP() (*aspsp, error) {
	papers, banks := filepath.Join(b.folder, "certificates"), filepath.Join(b.folder, "banks")
	_, err := certificates.Write(papers, certificates.Wanted{
		Organization: "Measure", Country: "FR", ID: "PSDFR-ACPR-99999", Hosts: []string{"127.0.0.1"}, Now: time.Now(), Life: 24 * time.Hour,
	})
	if err != nil {
		return nil, err
	}
	own, err := tls.LoadX509KeyPair(filepath.Join(papers, "qwac.pem"), filepath.Join(papers, "qwac.key"))
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(filepath.Join(papers, certificates.Authority))
	if err != nil {
		return nil, err
	}
	a := &aspsp{trust: x509.NewCertPool(), config: filepath.Join(b.folder, "psd2.yaml")}
	a.trust.AppendCertsFromPEM(authority)
	for n := range aspspRows {
		day := time.Now().AddDate(0, 0, -n*(ruleDays-5)/aspspRows).Format(time.DateOnly) // one that banks still show
		a.days = append(a.days, day)
		a.rows = append(a.rows, fmt.Sprintf(`{"transactionId":"row-%d","transactionAmount":{"currency":"EUR","amount":"-%d.%02d"},"bookingDate":%q,"valueDate":%q,`+
			`"creditorName":"Shop %d","remittanceInformationUnstructured":"CARD SHOP %d","bankTransactionCode":"PMNT-CCRD-POSD"}`, n, n%90+1, n%100, day, day, n%40, n%40))
	}
	a.server = httptest.NewUnstartedServer(a)
	a.server.TLS = &tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.trust, MinVersion: tls.VersionTLS12}
	a.server.StartTLS()
	entry := fmt.Sprintf("id: aspsp\nname: ASPSP\ncountry: FR\nstandard: berlin-group\nversion: \"1.3.11\"\naddresses: {api: %q}\nsca: {approaches: [redirect]}\n"+
		"consent: {model: global}\naccounts: {with_balance: true}\nsignature: {}\n", a.server.URL)
	a.folders = map[string]string{"catalogue": banks, "identities": filepath.Join(papers, certificates.Identities)}
	settings := fmt.Sprintf("plugin_settings:\n  psd2: {catalogue: %q, identities: %q}\n", a.folders["catalogue"], a.folders["identities"])
	for path, text := range map[string]string{filepath.Join(banks, "aspsp.yaml"): entry, a.config: settings} {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// page answers with one of the pages of a range of days.
func (a *aspsp) page(query url.Values) string {
	first := sort.Search(len(a.days), func(i int) bool { return query.Get("dateTo") == "" || a.days[i] <= query.Get("dateTo") })
	last := sort.Search(len(a.days), func(i int) bool { return a.days[i] < query.Get("dateFrom") })
	number, err := strconv.Atoi(query.Get("page"))
	if err != nil {
		number = 1
	}
	a.mu.Lock()
	a.windows[query.Get("dateFrom")+" "+query.Get("dateTo")] = max(1, (last-first+aspspPage-1)/aspspPage)
	a.mu.Unlock()
	begin, links := min(last, first+(number-1)*aspspPage), "{}"
	if begin+aspspPage < last {
		query.Set("page", strconv.Itoa(number+1))
		links = `{"next":{"href":"?` + query.Encode() + `"}}`
	}
	return `{"transactions":{"booked":[` + strings.Join(a.rows[begin:min(last, begin+aspspPage)], ",") + `],"pending":[],"_links":` + links + `}}`
}

func (a *aspsp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	const consent = `{"consentStatus":"valid","consentId":"c","validUntil":"2099-12-31","access":{"allPsd2":"allAccounts"},"recurringIndicator":true,"frequencyPerDay":4,"_links":{}}`
	a.mu.Lock()
	a.calls++
	if r.URL.Path == "/v1/accounts" && a.asked.IsZero() {
		a.asked = time.Now()
	}
	a.mu.Unlock()
	switch {
	case r.URL.Path == "/v1/accounts":
		_, _ = io.WriteString(w, `{"accounts":[{"resourceId":"a","iban":"FR7699991004200000010010180","currency":"EUR","name":"Busy",`+
			`"balances":[{"balanceType":"interimBooked","balanceAmount":{"currency":"EUR","amount":"1.00"}}]}]}`)
	case r.URL.Path == "/v1/accounts/a/transactions":
		_, _ = io.WriteString(w, a.page(r.URL.Query()))
	case r.Method == http.MethodPost:
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, consent)
	default:
		_, _ = io.WriteString(w, consent)
	}
}

// bare reads the same pages with nothing but an HTTP client and a decoder.
func (a *aspsp) bare(ctx context.Context) (time.Duration, error) {
	a.forget()
	own := a.server.TLS.Certificates
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: a.trust, Certificates: own, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}}
	defer client.CloseIdleConnections()
	began, read := time.Now(), 0
	for page := range aspspRows / aspspPage {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.server.URL+"/v1/accounts/a/transactions?page="+strconv.Itoa(page+1), nil)
		if err != nil {
			return 0, err
		}
		res, err := client.Do(req)
		if err != nil {
			return 0, err
		}
		var said struct {
			Transactions struct {
				Booked []bareBooked `json:"booked"`
			} `json:"transactions"`
		}
		err = json.NewDecoder(res.Body).Decode(&said)
		_ = res.Body.Close()
		if err != nil {
			return 0, err
		}
		read += len(said.Transactions.Booked)
	}
	if read != aspspRows {
		return 0, fmt.Errorf("%d rows were read bare of %d", read, aspspRows)
	}
	return time.Since(began), nil
}

// bareBooked is a row in the bank's words.
type bareBooked struct {
	ID     string `json:"transactionId"`
	Amount struct {
		Currency string `json:"currency"`
		Amount   string `json:"amount"`
	} `json:"transactionAmount"`
	Booking  string `json:"bookingDate"`
	Value    string `json:"valueDate"`
	Creditor string `json:"creditorName"`
	Text     string `json:"remittanceInformationUnstructured"`
	Code     string `json:"bankTransactionCode"`
}
