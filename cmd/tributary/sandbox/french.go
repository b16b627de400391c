package sandbox

import (
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tributary-dev/tributary/cmd/tributary/certificates"
)

// french is the test bank's entry with the interface of STET.
const french = `id: testbank-stet
name: Test Bank (STET)
country: FR
logo: "data:image/png;base64,%[5]s"
standard: stet
version: "1.4.0"
addresses: {api: "%[1]s", version_path: "%[2]s", hosts: ["%[4]s"]}
sca: {approaches: [redirect]}
oauth: {kind: pre-step, authorization: "http://%[4]s/stet/authorize", token: "%[1]s/token", scope: aisp extended_transaction_history}
consent: {model: %[3]s}
signature: {}
`

// frenchEntry writes the test bank as a bank of STET, and where it finds our seal then.
func (p *thirdParty) frenchEntry(bank *testBank, pages string) error {
	model := bank.STET.Consents
	if model == "mixed" { // the bank says whose the accounts are where it is told that it may
		model += ", owner_names: true"
	}
	text := fmt.Sprintf(french, bank.STET.URL, bank.STET.Path, model, pages, base64.StdEncoding.EncodeToString(logo))
	if err := os.WriteFile(filepath.Join(p.banks(), "testbank-stet.yaml"), []byte(text), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.papers(), certificates.Identities), []byte(certificates.IdentitiesWith(bank.SealURL)), 0o600)
}
