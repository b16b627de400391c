// Package oidc owns OpenID Connect at a bank's authorisation server, as the Financial-grade API profiles it (FAPI 1.0,
// part 2): what the server says of itself, its keys, what we sign, and what an id_token has to say before it is believed.
//
// It knows no standard of account information. JOSE itself is go-jose's. Invariants: only PS256 and ES256 are made or
// believed, unless a bank is named that has not come so far; nothing of an id_token is used before all of it was
// checked; no word of the server reaches a failure.
//
//	server.go    the server's description and keys, and when they are read again
//	signer.go    requests and statements of ours
//	proof.go     an id_token
package oidc
