package sandbox

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/cmd/tributary/certificates"
)

// company is the authorisation number of the third party that a sandbox is, which is its client id as well.
const company = "PSDFR-ACPR-99999"

// britishEntry is the test bank as one of UK Open Banking.
const britishEntry = `id: %s
name: %s
country: GB
logo: "data:image/png;base64,%s"
standard: open-banking-uk
version: "%s"
addresses: {api: "%s", hosts: ["%s"]}
sca: {approaches: [redirect]}
oauth: {kind: openid, issuer: "%s", response: "%s"}
consent: {model: permissions, days: 90}
accounts: {types: [CHECKINGS, CREDIT_CARD]}
history: {days: 400}
`

// british are the ids, names, versions and responses of the entries.
var british = [][4]string{
	{"testbank-uk", "Test Bank (UK)", "3.1.11", "code id_token"},
	{"testbank-uk-4", "Test Bank (UK, 4.0)", "4.0", "code"},
}

// britishEntries writes those of UK Open Banking, and by which name the bank knows us.
func (p *thirdParty) britishEntries(bank *testBank, pages string) error {
	api := strings.TrimSuffix(bank.OpenBankingURL, "/open-banking")
	for _, b := range british {
		text := fmt.Sprintf(britishEntry, b[0], b[1], base64.StdEncoding.EncodeToString(logo), b[2], api, pages, bank.OpenBankingURL, b[3])
		if err := os.WriteFile(filepath.Join(p.banks(), b[0]+".yaml"), []byte(text), 0o600); err != nil {
			return err
		}
	}
	file, err := os.OpenFile(filepath.Join(p.papers(), certificates.Identities), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString("  client_id: " + company + "\n")
	return errors.Join(err, file.Close())
}

// registers tells the bank the address where its browsers come back to us, and whose seal is ours: UK Open Banking lets nobody
// else be sent to, and believes no other key. It is known once the server has its address.
func (p *thirdParty) registers(ctx context.Context, bank *testBank, back string) error {
	if p == nil || bank.OpenBankingURL == "" {
		return nil
	}
	in := func(name string) string { return filepath.Join(p.papers(), name) }
	own, err := tls.LoadX509KeyPair(in("qwac.pem"), in("qwac.key"))
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(in(certificates.Authority))
	if err != nil {
		return err
	}
	seal, err := os.ReadFile(in("qseal.pem"))
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]any{"redirect_uris": []string{back}, "token_endpoint_auth_method": "private_key_jwt", "certificates": []string{string(seal)}})
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{own}, MinVersion: tls.VersionTLS12}, DisableKeepAlives: true,
	}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, bank.OpenBankingURL+"/register", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("registering at the test bank: %w", err)
	}
	if err := response.Body.Close(); err != nil {
		return err
	}
	if response.StatusCode != http.StatusCreated {
		return fmt.Errorf("registering at the test bank: %s", response.Status)
	}
	return nil
}
