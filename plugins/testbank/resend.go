package main

import (
	"context"
	"net/http"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// sendAgain has the code sent again. Where the bank does not want to, or not yet, the challenge is as it was.
func sendAgain(ctx context.Context, bank *client, at state) (sdk.Step, error) {
	var s session
	ask := call{method: http.MethodPost, path: []string{"api", "sessions", at.Session, "challenge", "resend"}}
	err := bank.do(ctx, ask, &s)
	for _, code := range []string{"resend_not_supported", "resend_too_early", "too_many_resends"} {
		if refusedWith(err, code) {
			return stands(ctx, bank, at, nil)
		}
	}
	if err != nil {
		return sdk.Step{}, failed(err, sdk.ChallengeExpired)
	}
	if s.Challenge == nil {
		return portalStep(at, s, nil)
	}
	return portalStep(at, s, sdk.Text{
		"en": "The code was sent again to " + s.Challenge.Medium + ".", "fr": "Le code a été renvoyé à " + s.Challenge.Medium + ".",
	})
}
