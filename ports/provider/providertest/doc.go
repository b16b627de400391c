// Package providertest owns the contract of ports/provider as a suite that
// every adapter runs, and a fake that passes it. It knows nothing of plugins.
//
// The suite talks to a small bank, the rehearsal: whoever runs the suite serves
// it. These are its rules; every password is "right".
//
//	plain    no challenge; accounts a1 (CHECKINGS, three rows) and a2 (SAVINGS,
//	         closed, no rows)
//	code     FORM with the field "code", which is 123456; a wrong code asks again
//	         under another ref. Then Ready with secrets that spare the challenge.
//	         From 2026-01-02T03:04:05Z on it is sent again by the same ref, once;
//	         then that is NOT_SUPPORTED, and the challenge stays
//	app      DECOUPLED; approved at the second poll
//	page     REDIRECT to https://rehearsal.example/?state=<return state>; the answer
//	         {"result": "ok"} is Ready with a consent, anything else REFUSED
//	partial  like plain, but a2 fails with PROVIDER_UNAVAILABLE
//	slow     Fetch tells a1 and then waits for its context
//
// States and secrets have version 1; every other is SECRET_UNREADABLE. Refresh
// adds "+" to the secrets, and Fetch of secrets without "+" is SECRET_STALE if
// the login is "stale" (else like plain). End answers nothing.
package providertest

// What the rehearsal is called.
const (
	ProviderID = "rehearsal"
	ChannelID  = "rehearsal-embedded"
	Password   = "right"
	Code       = "123456"
)
