package node

import (
	"crypto/tls"
	"net/http"
	"os"
	"sync"
	"time"
)

// certificate is the server's, read again when its file was renewed.
type certificate struct {
	certFile, keyFile string

	mu      sync.Mutex
	present *tls.Certificate
	renewed time.Time
}

func openCertificate(certFile, keyFile string) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile}
	info, err := os.Stat(certFile)
	if err != nil {
		return nil, err
	}
	pair, err := tls.LoadX509KeyPair(certFile, keyFile)
	if err != nil {
		return nil, err
	}
	c.present, c.renewed = &pair, info.ModTime()
	return c, nil
}

// get serves the last pair that was whole: a renewal writes two files, one
// after the other.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	info, err := os.Stat(c.certFile)
	if err != nil || info.ModTime().Equal(c.renewed) {
		return c.present, nil
	}
	if pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile); err == nil {
		c.present, c.renewed = &pair, info.ModTime()
	}
	return c.present, nil
}

// accept serves the listener, with TLS where there is a certificate.
func (n *Node) accept() error {
	if n.pair == nil {
		return n.server.Serve(n.listener)
	}
	n.server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: n.pair.get}
	n.server.Protocols = new(http.Protocols)
	n.server.Protocols.SetHTTP1(true)
	n.server.Protocols.SetHTTP2(true)
	return n.server.ServeTLS(n.listener, "", "")
}
