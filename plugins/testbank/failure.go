package main

import (
	"errors"

	"github.com/tributary-dev/tributary/plugins/sdk"
)

// failures says what each of the bank's refusals is in the contract's words. What stands here means the same wherever
// it comes; an expired session or token means different things at different times and is told by the caller.
var failures = map[string]func() *sdk.Failure{
	"wrong_password": func() *sdk.Failure {
		return say(sdk.AuthFailed, "The login or the password is wrong.", "L’identifiant ou le mot de passe est incorrect.", "login", "password")
	},
	"challenge_required": func() *sdk.Failure {
		return say(sdk.ChallengeRequired, "The bank wants to be sure that it is you.", "La banque veut s’assurer que c’est bien vous.")
	},
	"too_many_codes": func() *sdk.Failure {
		return say(sdk.ChallengeExpired, "Too many wrong codes. Please start again.", "Trop de codes erronés. Veuillez recommencer.")
	},
	"code_expired": func() *sdk.Failure {
		return say(sdk.ChallengeExpired, "The time to answer is over. Please start again.", "Le délai de réponse est dépassé. Veuillez recommencer.")
	},
	"approval_refused": func() *sdk.Failure {
		return say(sdk.Refused, "You refused the request at the bank.", "Vous avez refusé la demande auprès de la banque.")
	},
	"account_locked": func() *sdk.Failure {
		return say(sdk.AccountLocked, "Your access is locked. Please contact your bank.", "Votre accès est bloqué. Veuillez contacter votre banque.")
	},
	"password_change_required": func() *sdk.Failure {
		return say(sdk.PasswordChangeRequired, "Choose a new password at your bank first.", "Choisissez d’abord un nouveau mot de passe auprès de votre banque.")
	},
	"user_action_required": func() *sdk.Failure {
		return say(sdk.UserActionRequired, "Accept the new terms of your bank first.", "Acceptez d’abord les nouvelles conditions de votre banque.")
	},
	"quota_exceeded": func() *sdk.Failure {
		return say(sdk.RateLimited, "The bank allows no further access for now.", "La banque n’autorise pas d’autre accès pour l’instant.")
	},
	"configuration_not_found": func() *sdk.Failure {
		return say(sdk.AuthFailed, "The test bank has no such configuration.", "La banque de test ne connaît pas cette configuration.", "configuration")
	},
	"consent_expired": func() *sdk.Failure {
		return say(sdk.TokenExpired, "The consent has ended. Please give it again.", "Le consentement a expiré. Veuillez le renouveler.")
	},
	"invalid_grant": func() *sdk.Failure {
		return say(sdk.TokenExpired, "The consent has ended. Please give it again.", "Le consentement a expiré. Veuillez le renouveler.")
	},
}

func say(code sdk.Code, english, french string, fields ...string) *sdk.Failure {
	failure := sdk.Fail(code, nil)
	failure.Message, failure.Fields = sdk.Text{"en": english, "fr": french}, fields
	return failure
}

// failed translates a refusal; lost is what a session or token that is over means to the caller.
func failed(err error, lost sdk.Code) error {
	var r *refusal
	if !errors.As(err, &r) {
		return err
	}
	switch r.Code {
	case "session_expired", "token_expired", "not_found", "challenge_open":
		return sdk.Fail(lost, err)
	}
	if known, ok := failures[r.Code]; ok {
		failure := known()
		failure.Cause, failure.URL, failure.RetryAt = err, r.URL, r.RetryAt
		return failure
	}
	return sdk.Fail(sdk.BadData, err)
}
