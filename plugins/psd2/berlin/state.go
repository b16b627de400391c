package berlin

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/tributary-dev/tributary/plugins/psd2/refusal"
	"github.com/tributary-dev/tributary/plugins/psd2/token"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// bundleVersion is the only version of states and secrets so far.
const bundleVersion = 1

// stage is what the user is asked.
type stage string

const (
	atPreStep      stage = "pre-step"     // a token before the consent
	atPage         stage = "page"         // the bank's page
	atOAuth        stage = "oauth"        // the bank's page, with a code for a token
	atWait         stage = "wait"         // the bank's app, or whatever the bank still does
	atName         stage = "name"         // the user's name at the bank
	atPassword     stage = "password"     // and password
	atMethod       stage = "method"       // which of several ways to be sent a code
	atCode         stage = "code"         // the code
	atConfirmation stage = "confirmation" // the code that the bank's page showed
)

// state is what a session needs to go on, on any node.
type state struct {
	Stage         stage  `json:"stage,omitempty"`
	Consent       string `json:"consent,omitempty"`
	Authorisation string `json:"authorisation,omitempty"`
	// To and Method are where the answer goes.
	To     string `json:"to,omitempty"`
	Method string `json:"method,omitempty"`
	// Status tells how the authorisation stands.
	Status string `json:"status,omitempty"`
	Page   string `json:"page,omitempty"`
	// Verifier, ReturnURL, Server belong to an authorisation with OAuth.
	Verifier  string `json:"verifier,omitempty"`
	ReturnURL string `json:"return_url,omitempty"`
	Server    server `json:"server,omitzero"`
	// Tokens of the pre-step, until the consent is there to keep them with.
	Tokens token.Tokens `json:"tokens,omitzero"`
	Tries  int          `json:"tries,omitempty"`
	Text   sdk.Text     `json:"text,omitempty"`
	Name   string       `json:"name,omitempty"`
}

// server is a token server that the bank named.
type server struct {
	Authorization string `json:"authorization,omitempty"`
	Token         string `json:"token,omitempty"`
}

// secrets are kept for later sessions.
type secrets struct {
	Consent string `json:"consent"`
	// ValidUntil is the last day, by the bank.
	ValidUntil string `json:"valid_until,omitempty"`
	// Given is when the user agreed, for banks that show more just afterwards.
	Given  time.Time    `json:"given,omitzero"`
	Tokens token.Tokens `json:"tokens,omitzero"`
	Server server       `json:"server,omitzero"`
	// Client is who we were.
	Client string `json:"client,omitempty"`
}

// opened reads what is kept, which is worth something to the client alone that the bank gave it to.
func (d *Dialect) opened(bundle sdk.Bundle) (kept secrets, err error) {
	if err := bundle.Unpack(bundleVersion, &kept); err != nil {
		return kept, err
	}
	return kept, refusal.Another(kept.Client, d.Identity.ClientID)
}

// challengeID names what is asked without telling the bank's ids; asked again it is the same until something changed.
func challengeID(s state) string {
	sum := sha256.Sum256([]byte("challenge\x00" + s.Consent + "\x00" + s.Authorisation + "\x00" + string(s.Stage) + "\x00" + s.Verifier))
	return hex.EncodeToString(sum[:12]) + "-" + strconv.Itoa(s.Tries)
}
