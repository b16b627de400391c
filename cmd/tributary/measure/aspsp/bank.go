// Package aspsp owns banks that cost next to nothing, one of each PSD2 standard, with which readers are measured: what they
// answer was written before, and they check nothing.
//
// It is no test bank: it has one account, one user, who agrees to everything, and one consent. Invariant: each call is
// counted, by the name that the standard has for it.
package aspsp

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// pageRows is how many rows are on a page, as many as large banks have there; shownDays how far back they reach, about as
// far as banks show.
const (
	pageRows  = 1_000
	shownDays = 390
)

// Bank is a bank of one standard.
type Bank struct {
	Standard
	// URL is where it is.
	URL string
	// rows are as the standard has them, the newest first, days the day of each.
	rows, days []string
	server     *httptest.Server
	trust      *x509.CertPool
	says       map[string]string
	proof      func(address, client, nonce string) (string, error)

	mu sync.Mutex
	// back is where the user came from, with the nonce of that request.
	back, nonce string
	tally       Tally
}

// Open starts a bank with so many rows on its account. It shows a certificate, and takes the calls of those that show one
// of an authority that it trusts.
func (s Standard) Open(rows int, own tls.Certificate, trust *x509.CertPool) (*Bank, error) {
	b := &Bank{Standard: s, trust: trust}
	for n := range rows {
		day := time.Now().AddDate(0, 0, -n*shownDays/rows).Format(time.DateOnly)
		b.days, b.rows = append(b.days, day), append(b.rows, s.row(n, day))
	}
	b.server = httptest.NewUnstartedServer(b)
	b.server.TLS = &tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: trust, MinVersion: tls.VersionTLS12}
	b.server.StartTLS()
	b.URL = b.server.URL
	b.says = map[string]string{}
	for what, text := range s.says {
		b.says[what] = strings.ReplaceAll(text, "{bank}", b.URL)
	}
	b.Forget()
	return b, b.prove()
}

// prove makes the key that proves codes, where the standard has that.
func (b *Bank) prove() error {
	keys, proof, err := proving()
	if b.says["GET /keys"] != "" {
		b.says["GET /keys"], b.proof = keys, proof
	}
	return err
}

// Close ends it.
func (b *Bank) Close() { b.server.Close() }

// Entry is its file in the catalogue.
func (b *Bank) Entry() string {
	return strings.ReplaceAll("id: "+b.ID()+"\nname: Bank\ncountry: FR\nstandard: "+b.Name+"\nsca: {approaches: [redirect]}\n"+b.entry, "{bank}", b.URL)
}

// ID is what the catalogue calls it.
func (b *Bank) ID() string { return "aspsp-" + b.Name }

func (b *Bank) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := r.Method + " " + r.URL.Path
	switch what {
	case "GET /authorize":
		b.agree(w, r)
		return
	case "GET " + b.list + "/1/transactions":
		page := b.page(r.URL.Query()) // counts
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, page)
		return
	}
	b.count(strings.Replace(what, b.prefix, "", 1))
	text, known := b.says[what]
	if !known {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	switch {
	case strings.HasSuffix(what, "/token"):
		text = b.token(r)
	case r.Method == http.MethodPost:
		b.remember(r.Header.Get("TPP-Redirect-URI"))
		w.WriteHeader(http.StatusCreated)
	}
	_, _ = io.WriteString(w, text)
}
