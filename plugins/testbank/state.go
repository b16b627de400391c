package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// bundleVersion is the only version of states and secrets so far.
const bundleVersion = 1

// state is what a session needs to go on, on any node: the bank's own id of the session or consent.
type state struct {
	Session string `json:"session,omitempty"`
	Consent string `json:"consent,omitempty"`
	URL     string `json:"url,omitempty"`
	// Configuration is which bank it is, empty for the one at the root.
	Configuration string `json:"configuration,omitempty"`
}

// secrets are kept for later sessions.
type secrets struct {
	DeviceToken  string   `json:"device_token,omitempty"`
	AccessToken  string   `json:"access_token,omitempty"`
	RefreshToken string   `json:"refresh_token,omitempty"`
	Consent      string   `json:"consent,omitempty"`
	ValidUntil   string   `json:"valid_until,omitempty"`
	Accounts     []string `json:"accounts,omitempty"`
	// Configuration is which bank the tokens are of.
	Configuration string `json:"configuration,omitempty"`
}

// challengeID names a step without telling the bank's id, which is a secret; the number tells repeated ones apart.
func challengeID(secret string, step int) string {
	sum := sha256.Sum256([]byte("challenge\x00" + secret))
	return hex.EncodeToString(sum[:12]) + "-" + strconv.Itoa(step)
}
