package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/oidc"
	"github.com/tributary-dev/tributary/plugins/psd2/operator"
	"github.com/tributary-dev/tributary/plugins/psd2/signature"
)

// signings is how often each signature is made.
const signings = 200

// signatures measures what a signature costs, beside the bare operation of the key on a digest.
func (b *bench) signatures() error {
	b.say("signing")
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	ecKey, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	for _, key := range []struct {
		name, jose string
		crypto.Signer
	}{{"RSA-2048", "PS256", rsaKey}, {"ECDSA P-256", "ES256", ecKey}} {
		says, err := oidc.NewSigner("PSDGB-FCA-1", &operator.Seal{Key: key.Signer, KeyID: "key"})
		if err != nil {
			return err
		}
		plain, probabilistic := bareSignature(key.Signer, crypto.SHA256), bareSignature(key.Signer, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256})
		for _, m := range []struct {
			what       string
			ours, bare func() error
		}{
			{"HTTP signature of a consent, berlin-group, " + key.name, httpSignature(key.Signer, "digest x-request-id tpp-redirect-uri"), plain},
			{"HTTP signature of a call for data, stet, " + key.name, httpSignature(key.Signer, "(request-target) date digest x-request-id psu-ip-address psu-user-agent"), plain},
			{"signed request, open-banking-uk, " + key.jose, request(says), probabilistic},
			{"private_key_jwt, open-banking-uk, " + key.jose, statement(says), probabilistic},
		} {
			ours, bare, err := beside(m.ours, m.bare)
			if err != nil {
				return err
			}
			b.table.add(m.what, micros(ours), micros(bare), "µs")
		}
	}
	return nil
}

// beside takes turns, and gives what each takes where little disturbs it: on a busy machine the middle one may wait for others.
func beside(ours, bare func() error) (our, their time.Duration, err error) {
	var each [2][]time.Duration
	for range signings {
		for i, sign := range []func() error{ours, bare} {
			began := time.Now()
			if err := sign(); err != nil {
				return 0, 0, err
			}
			each[i] = append(each[i], time.Since(began))
		}
	}
	return undisturbed(each[0]), undisturbed(each[1]), nil
}

// undisturbed is the longest of the fastest tenth.
func undisturbed(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/10]
}

func bareSignature(key crypto.Signer, options crypto.SignerOpts) func() error {
	sum := sha256.Sum256([]byte("text"))
	return func() error {
		_, err := key.Sign(rand.Reader, sum[:], options)
		return err
	}
}

func httpSignature(key crypto.Signer, headers string) func() error {
	body := []byte(strings.Repeat("x", 400)) // as long as a consent
	return func() error {
		r, err := http.NewRequest(http.MethodPost, "https://bank.example/v1/accounts/1/transactions?dateFrom=2026-01-01", http.NoBody)
		if err != nil {
			return err
		}
		for name, value := range map[string]string{
			"X-Request-ID": "99391c7e-ad88-49ec-a2ad-99ddcb1f7721", "TPP-Redirect-URI": "https://us.example/connect/return?state=12345678",
			"Date": time.Now().UTC().Format(http.TimeFormat), "PSU-IP-Address": "192.0.2.1", "PSU-User-Agent": "Mozilla/5.0",
		} {
			r.Header.Set(name, value)
		}
		r.Header.Set("Digest", signature.Digest("SHA-256", body))
		return signature.Signer{KeyID: "SN=1,CA=CN=Test", Key: key}.Sign(r, strings.Fields(headers))
	}
}

func request(says *oidc.Signer) func() error {
	return func() error {
		_, err := says.Request("https://bank.example/authorize?client_id=PSDGB-FCA-1&response_type=code&scope=openid+accounts&redirect_uri=https%3A%2F%2Fus.example%2Fconnect%2Freturn&"+
			"state=12345678&nonce=12345678&code_challenge=12345678&code_challenge_method=S256", "https://bank.example", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721", time.Now(),
			map[string]any{"id_token": map[string]any{"openbanking_intent_id": map[string]any{"value": "consent", "essential": true}}})
		return err
	}
}

func statement(says *oidc.Signer) func() error {
	return func() error {
		_, err := says.Statement("https://bank.example/token", "99391c7e-ad88-49ec-a2ad-99ddcb1f7721", time.Now())
		return err
	}
}
