package bank

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
)

// deed is what a refresh token says about its consent, so that a bank that was restarted can go on with it.
type deed struct {
	Consent    string    `json:"consent"`
	Login      string    `json:"login"`
	Accounts   []string  `json:"accounts"`
	ValidUntil time.Time `json:"valid_until"`
	Granted    time.Time `json:"granted"`
	Nonce      string    `json:"nonce"`
}

// refreshToken makes a token that carries its consent and proves that this bank wrote it.
func (b *Bank) refreshToken(c *consent) (string, error) {
	text, err := json.Marshal(deed{Consent: c.id, Login: c.login, Accounts: c.accounts, ValidUntil: c.validUntil, Granted: c.granted, Nonce: b.id("")})
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(text)
	return "ref_" + body + "." + b.deedProof(body), nil
}

func (b *Bank) deedProof(body string) string {
	mac := hmac.New(sha256.New, []byte("deed\x00"+b.mark()))
	mac.Write([]byte(body))
	return hex.EncodeToString(mac.Sum(nil))
}

// deedOf reads what a token says, which proves that this bank wrote it.
func (b *Bank) deedOf(token string) (d deed, proven bool) {
	body, proof, ok := strings.Cut(strings.TrimPrefix(token, "ref_"), ".")
	if !ok || !hmac.Equal([]byte(proof), []byte(b.deedProof(body))) {
		return d, false
	}
	text, err := base64.RawURLEncoding.DecodeString(body)
	return d, err == nil && json.Unmarshal(text, &d) == nil
}

// restore brings back the consent of a token from before a restart. As long as the bank knows the consent, a token that
// it does not know was spent or ended: that a token works once is kept in memory only, and a restart forgets it.
func (b *Bank) restore(token string) *consent {
	d, proven := b.deedOf(token)
	if !proven || b.consents[d.Consent] != nil {
		return nil
	}
	if _, known := b.personas[d.Login]; !known {
		return nil
	}
	c := &consent{id: d.Consent, stage: StageGranted, login: d.Login, accounts: d.Accounts, validUntil: d.ValidUntil, granted: d.Granted}
	b.consents[c.id] = c
	return c
}
