package openbanking

import (
	"crypto"
	_ "crypto/sha1" //nolint:gosec // the directory of UK Open Banking names keys by it; nothing relies on it
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/tributary-dev/tributary/testbank/bank"
	"github.com/tributary-dev/tributary/testbank/thirdparty"
)

// Ways in which a third party proves to the token endpoint who it is.
const (
	byKey         = "private_key_jwt"
	byCertificate = "tls_client_auth"
)

// client is what a third party says of itself (RFC 7591).
type client struct {
	ID        string              `json:"client_id"`
	Addresses []string            `json:"redirect_uris"`
	Method    string              `json:"token_endpoint_auth_method"`
	Keys      *jose.JSONWebKeySet `json:"jwks,omitempty"`
	// Certificates may stand for keys: seals of the company, PEM. Their keys get the names that a directory gives them.
	Certificates []string `json:"certificates,omitempty"`

	Grants    []string `json:"grant_types,omitempty"`
	Responses []string `json:"response_types,omitempty"`
	Scope     string   `json:"scope,omitempty"`
	Requests  string   `json:"request_object_signing_alg,omitempty"`
}

// register takes a third party down. Its certificate says who it is; what else registration wants to prove is not asked for.
func (x *Interface) register(w http.ResponseWriter, r *http.Request) {
	who, doubt := thirdparty.Caller(x.bank, r)
	if doubt != "" {
		say(w, http.StatusUnauthorized, oauthError("invalid_client", string(doubt)))
		return
	}
	var c client
	if json.NewDecoder(http.MaxBytesReader(w, r.Body, thirdparty.MaxBody)).Decode(&c) != nil {
		say(w, http.StatusBadRequest, oauthError("invalid_client_metadata", "The body is to be a JSON object."))
		return
	}
	if wrong := c.complete(x.bank, who); wrong != "" {
		kind := "invalid_client_metadata"
		if wrong == wrongAddress {
			kind = "invalid_redirect_uri"
		}
		say(w, http.StatusBadRequest, oauthError(kind, wrong))
		return
	}
	text, err := json.Marshal(c)
	if err != nil {
		say(w, http.StatusInternalServerError, oauthError("server_error", "The bank made a mistake."))
		return
	}
	x.bank.Register(who, text)
	say(w, http.StatusCreated, json.RawMessage(text))
}

const wrongAddress = "redirect_uris are to be absolute addresses without a fragment."

// complete checks what was said and fills in the rest.
func (c *client) complete(b *bank.Bank, who string) (wrong string) {
	if c.Method == "" {
		c.Method = byCertificate
	}
	for _, address := range c.Addresses {
		if bank.CheckReturnURL(address) != nil || strings.Contains(address, "#") {
			return wrongAddress
		}
	}
	keys := jose.JSONWebKeySet{}
	if c.Keys != nil {
		keys = *c.Keys
	}
	for _, text := range c.Certificates {
		named, ok := sealed(b, text, who)
		if !ok {
			return "certificates are to be of the same company, of an authority that the bank knows."
		}
		keys.Keys = append(keys.Keys, named...)
	}
	switch {
	case len(c.Addresses) == 0:
		return wrongAddress
	case c.Method != byKey && c.Method != byCertificate:
		return "token_endpoint_auth_method is to be private_key_jwt or tls_client_auth."
	case len(keys.Keys) == 0 || slices.ContainsFunc(keys.Keys, func(k jose.JSONWebKey) bool { return !k.Valid() || !k.IsPublic() || k.KeyID == "" }):
		return "jwks is to have public keys with their kid."
	}
	c.ID, c.Keys, c.Certificates = who, &keys, nil
	c.Grants, c.Responses = []string{"client_credentials", "authorization_code", "refresh_token"}, []string{"code id_token", "code"}
	c.Scope, c.Requests = "openid accounts", string(jose.PS256)
	return ""
}

// sealed gives the key of a certificate under the names by which it may be called: its thumbprints (RFC 7638), and that of the
// certificate.
func sealed(b *bank.Bank, text, who string) ([]jose.JSONWebKey, bool) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, false
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, false
	}
	if company, doubt := thirdparty.Named(b, certificate); doubt != "" || company != who {
		return nil, false
	}
	key := jose.JSONWebKey{Key: certificate.PublicKey, Algorithm: string(jose.PS256), Use: "sig"}
	hash := crypto.SHA256.New()
	hash.Write(certificate.Raw)
	names := []string{base64.RawURLEncoding.EncodeToString(hash.Sum(nil))}
	for _, h := range []crypto.Hash{crypto.SHA256, crypto.SHA1} {
		thumb, err := key.Thumbprint(h)
		if err != nil {
			return nil, false
		}
		names = append(names, base64.RawURLEncoding.EncodeToString(thumb))
	}
	var out []jose.JSONWebKey
	for _, name := range names {
		key.KeyID = name
		out = append(out, key)
	}
	return out, true
}

// clientOf gives what a third party said of itself.
func (x *Interface) clientOf(id string) (client, bool) {
	var c client
	said := x.bank.Registered(id)
	return c, said != nil && json.Unmarshal(said, &c) == nil
}

func oauthError(kind, text string) map[string]string {
	return map[string]string{"error": kind, "error_description": text}
}
