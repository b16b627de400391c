package bank

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/tributary-dev/tributary/testbank/config"
)

// trust makes a token that lets this persona's next log-ins pass without a challenge. It carries its own proof, so
// that a bank that was restarted still knows its customers' devices; a changed password ends the trust,
// and so does the timeline where it says so.
func (b *Bank) trust(p config.Persona) string {
	nonce := b.id("")
	return "dev_" + nonce + "_" + b.deviceProof(p, nonce)
}

func (b *Bank) trusts(p config.Persona, token string) bool {
	nonce, proof, ok := strings.Cut(strings.TrimPrefix(token, "dev_"), "_")
	return ok && hmac.Equal([]byte(proof), []byte(b.deviceProof(p, nonce)))
}

func (b *Bank) deviceProof(p config.Persona, nonce string) string {
	mac := hmac.New(sha256.New, fmt.Appendf(nil, "device\x00%s\x00%s", b.mark(), p.Password))
	for range b.happened(p.Login, config.DoDistrust) {
		mac.Write([]byte("once more\x00"))
	}
	fmt.Fprintf(mac, "%s\x00%s", p.Login, nonce)
	return hex.EncodeToString(mac.Sum(nil))
}

// mark is what tells this bank's proofs from another's.
func (b *Bank) mark() string { return fmt.Sprintf("%d%s", b.File.Bank.Seed, b.name) }
