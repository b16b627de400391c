package catalogue

import (
	_ "embed"
	"net/url"
	"slices"
	"strings"
	"time"
)

//go:embed bank.schema.json
var schemaText []byte

// Schema is the JSON Schema of a bank's file.
func Schema() []byte { return slices.Clone(schemaText) }

// Bank is one entry.
type Bank struct {
	ID          string     `yaml:"id"`
	Name        string     `yaml:"name"`
	Country     string     `yaml:"country"`
	Logo        string     `yaml:"logo"`
	Standard    string     `yaml:"standard"`
	Version     string     `yaml:"version"`
	Addresses   Addresses  `yaml:"addresses"`
	SCA         SCA        `yaml:"sca"`
	OAuth       *OAuth     `yaml:"oauth"`
	Consent     Consent    `yaml:"consent"`
	Accounts    Accounts   `yaml:"accounts"`
	History     History    `yaml:"history"`
	Quota       Quota      `yaml:"quota"`
	Signature   *Signature `yaml:"signature"`
	Maintenance string     `yaml:"maintenance"`
	Quirks      []string   `yaml:"quirks"`
}

// Standards: NextGenPSD2 XS2A of the Berlin Group, the French one, which some banks in Belgium and Luxembourg have, too, and
// that of the United Kingdom.
const (
	BerlinGroup   = "berlin-group"
	STET          = "stet"
	OpenBankingUK = "open-banking-uk"
)

// Addresses are where a bank is.
type Addresses struct {
	API         string   `yaml:"api"`
	VersionPath string   `yaml:"version_path"`
	Hosts       []string `yaml:"hosts"`
}

// Base is the address of the API.
func (a Addresses) Base() *url.URL {
	base, err := url.Parse(a.API)
	if err != nil {
		panic("catalogue: an address that was checked is none: " + err.Error())
	}
	return base
}

// SCA is how the user proves to be the user.
type SCA struct {
	Approaches    []string `yaml:"approaches"`
	ExplicitStart bool     `yaml:"explicit_start"`
	PSUID         string   `yaml:"psu_id"`
	PSUIDTypes    []string `yaml:"psu_id_types"`
	CorporateID   string   `yaml:"corporate_id"`
}

// Approaches.
const (
	Redirect  = "redirect"
	Decoupled = "decoupled"
	Embedded  = "embedded"
)

// Whether a name is asked for.
const (
	Never    = "never"
	Optional = "optional"
	Required = "required"
)

// OAuth says which tokens are needed.
type OAuth struct {
	Kind          string `yaml:"kind"`
	Authorization string `yaml:"authorization"`
	Token         string `yaml:"token"`
	Scope         string `yaml:"scope"`
	// Issuer is the name of a server that describes itself; Response and Proof are how it answers and knows us.
	Issuer   string `yaml:"issuer"`
	Response string `yaml:"response"`
	Proof    string `yaml:"proof"`
}

// Kinds of OAuth.
const (
	PreStep    = "pre-step"
	Integrated = "integrated"
	OpenID     = "openid"
)

// What a server of OpenID Connect sends back with the browser, and by what it knows us.
const (
	Hybrid      = "code id_token"
	Code        = "code"
	SignedProof = "private_key_jwt"
	Certificate = "tls_client_auth"
)

// Consent is what is asked for.
type Consent struct {
	Model           string `yaml:"model"`
	OwnerNames      bool   `yaml:"owner_names"`
	Days            int    `yaml:"days"`
	FrequencyPerDay int    `yaml:"frequency_per_day"`
	// Permissions are what is asked for by name.
	Permissions []string `yaml:"permissions"`
}

// Models of consents: four of the Berlin Group, two of STET, and one of the United Kingdom.
const (
	Detailed          = "detailed"
	BankOffered       = "bank-offered"
	Global            = "global"
	AvailableAccounts = "available-accounts"
	Full              = "full"
	Mixed             = "mixed"
	Named             = "permissions"
)

// Accounts are what a bank has.
type Accounts struct {
	Types       []string `yaml:"types"`
	Cards       bool     `yaml:"cards"`
	WithBalance bool     `yaml:"with_balance"`
	Reports     string   `yaml:"reports"`
}

// History is how far back transactions reach.
type History struct {
	Days         int `yaml:"days"`
	FirstMinutes int `yaml:"first_minutes"`
	LaterDays    int `yaml:"later_days"`
}

// Shown is how many days are shown now, to whom the user let in at a time; 0 where that is not known.
func (h History) Shown(now, given time.Time) int {
	later := h.FirstMinutes > 0 && now.Sub(given) > time.Duration(h.FirstMinutes)*time.Minute
	if later && (h.Days == 0 || h.LaterDays < h.Days) {
		return h.LaterDays
	}
	return h.Days
}

// Quota is what a bank bears with nobody there.
type Quota struct {
	PerDay  int      `yaml:"per_day"`
	Phrases []string `yaml:"phrases"`
}

// Says looks for the words by which this bank says that nothing is left.
func (q Quota) Says(texts ...string) bool {
	for _, text := range texts {
		for _, phrase := range q.Phrases {
			if strings.Contains(strings.ToLower(text), strings.ToLower(phrase)) {
				return true
			}
		}
	}
	return false
}

// Signature is what a bank wants signed.
type Signature struct {
	Headers []string `yaml:"headers"`
	Digest  string   `yaml:"digest"`
	Key     string   `yaml:"key"`
}

// How a signature says which certificate it is of: by its number, with the certificate beside it, or by its address.
const (
	KeyNumber  = "number"
	KeyAddress = "address"
)

// Has reports whether a bank deviates in a named way.
func (b Bank) Has(quirk string) bool { return slices.Contains(b.Quirks, quirk) }

// Prefers reports whether an approach is the one to ask for.
func (b Bank) Prefers(approach string) bool { return b.SCA.Approaches[0] == approach }
