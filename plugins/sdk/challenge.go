package sdk

import (
	"encoding/base64"
	"time"
)

// ChallengeType says what the user has to do.
type ChallengeType string

// Challenge types.
const (
	ChallengeForm      ChallengeType = "FORM"
	ChallengeOptions   ChallengeType = "OPTIONS"
	ChallengeImage     ChallengeType = "IMAGE"
	ChallengeDecoupled ChallengeType = "DECOUPLED"
	ChallengeRedirect  ChallengeType = "REDIRECT"
)

// Challenge is something only the user can do now.
type Challenge struct {
	// ID tells this challenge from the one before, also when only the message
	// changed.
	ID      string
	Type    ChallengeType
	Message Text
	Fields  []Field
	Options []Choice
	Image   *Image
	// URL is the bank's page of a REDIRECT.
	URL string
	// ExpiresAt is the bank's limit; zero lets the server choose.
	ExpiresAt time.Time
	// PollAfter is how long to wait between polls of a DECOUPLED challenge;
	// zero lets the server choose.
	PollAfter time.Duration
	Holding   Holding
	// State is needed to continue; sealed by the server.
	State Bundle
	// Resend says that it can be sent again; nil where it cannot.
	Resend *Resend
}

// Resend says that the bank sends a code, or whatever the challenge consists
// of, again when it is asked to: see [ContinueRequest].Resend.
type Resend struct {
	// AvailableAt is the earliest time to ask; zero is at once.
	AvailableAt time.Time
	// Left is how many times more it can be sent; 0 is not again.
	Left int
}

// Image is a picture for the user to look at.
type Image struct {
	// MediaType is image/png or image/jpeg.
	MediaType string
	Data      []byte
}

// URL is an address that holds the picture itself, for [ProviderInfo].LogoURL.
func (i Image) URL() string {
	return "data:" + i.MediaType + ";base64," + base64.StdEncoding.EncodeToString(i.Data)
}
