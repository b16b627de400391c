package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// interfaceFlags open the bank's PSD2 interface, which needs certificates on both sides.
type interfaceFlags struct {
	PSD2Listen       string `name:"psd2-listen" help:"Address for third parties, with TLS; port 0 picks a free one. Default: none." placeholder:"HOST:PORT"`
	PSD2Certificates string `name:"psd2-certificates" help:"Folder with ca.pem, qwac.pem and qwac.key: the bank's own certificate, and who issues those of third parties." placeholder:"DIR"`
}

// trust is whom the interface believes what: settings for connections, who issues certificates of third parties, and how
// their seals are fetched.
type trust struct {
	settings    *tls.Config
	authorities *x509.CertPool
	seals       func(ctx context.Context, address string) (*x509.Certificate, error)
}

// certificates reads them; without the flags there are none.
func (f interfaceFlags) certificates() (trust, error) {
	if f.PSD2Listen == "" && f.PSD2Certificates == "" {
		return trust{}, nil
	}
	if f.PSD2Listen == "" || f.PSD2Certificates == "" {
		return trust{}, errors.New("--psd2-listen and --psd2-certificates belong together")
	}
	in := func(name string) string { return filepath.Join(f.PSD2Certificates, name) }
	own, err := tls.LoadX509KeyPair(in("qwac.pem"), in("qwac.key"))
	if err != nil {
		return trust{}, fmt.Errorf("--psd2-certificates: %s holds no certificate qwac.pem with its key qwac.key", f.PSD2Certificates)
	}
	text, err := os.ReadFile(in("ca.pem"))
	authorities := x509.NewCertPool()
	if err != nil || !authorities.AppendCertsFromPEM(text) {
		return trust{}, fmt.Errorf("--psd2-certificates: %s holds no ca.pem", f.PSD2Certificates)
	}
	roots, err := x509.SystemCertPool() // third parties keep their seals at web sites as others are, or below the test authority
	if err != nil {
		roots = x509.NewCertPool()
	}
	roots.AppendCertsFromPEM(text)
	return trust{
		// Browsers on the bank's pages have no certificate; the interface itself refuses who shows none.
		settings:    &tls.Config{Certificates: []tls.Certificate{own}, ClientAuth: tls.VerifyClientCertIfGiven, ClientCAs: authorities, MinVersion: tls.VersionTLS12},
		authorities: authorities, seals: thirdparty.Seals(roots),
	}, nil
}

// sealPath is where a sandbox has a seal that has no better place.
const sealPath = "/third-party/qseal.pem"

// around offers the seal of the folder beside the bank.
func (f interfaceFlags) around(bank http.Handler) http.Handler {
	if f.PSD2Certificates == "" {
		return bank
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+sealPath, func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(f.PSD2Certificates, "qseal.pem"))
	})
	mux.Handle("/", bank)
	return mux
}

// listen opens the address for third parties; nil without one.
func (f interfaceFlags) listen(ctx context.Context, settings *tls.Config) (net.Listener, error) {
	if settings == nil {
		return nil, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.PSD2Listen)
	if err != nil {
		return nil, err
	}
	return tls.NewListener(listener, settings), nil
}

// deskAt is where third parties call a listener; empty without one.
func deskAt(others net.Listener) string {
	if others == nil {
		return ""
	}
	return "https://" + others.Addr().String()
}
