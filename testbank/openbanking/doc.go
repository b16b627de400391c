// Package openbanking owns the bank's PSD2 interface of UK Open Banking (Read/Write API 3.1 and 4.0, account information),
// below /open-banking.
//
// It decides nothing about money or people (package bank does) and shares no code with any client: what the standard's text
// demands is refused when it is missing. Invariants: no call of a program without a client certificate of a third party with
// the role PSP_AI, tokens are good for that one alone, with the certificate that fetched them; a consent shows what its permissions say and no more; every answer
// plays x-fapi-interaction-id back, or has one of its own; nothing of a request is repeated.
//
//	GET    /open-banking/.well-known/openid-configuration, /open-banking/jwks
//	POST   /open-banking/register     Who a third party is (RFC 7591): its keys and addresses. Its client id is the
//	                                  authorisation number of its certificate.
//	POST   /open-banking/token        client_credentials, authorization_code, refresh_token; by private_key_jwt or
//	                                  tls_client_auth, as it was registered.
//	GET    /open-banking/authorize    for browsers: a signed request object, answered by code or by code and id token.
//
//	POST   {v}/account-access-consents, GET and DELETE .../{id}
//	GET    {v}/accounts, .../{id}, .../{id}/balances, .../{id}/transactions, .../{id}/party, .../{id}/parties
//	GET    {v}/balances, {v}/transactions, {v}/party
//	GET    beneficiaries, direct-debits, offers, product(s), scheduled-payments, standing-orders, statements: of those
//	       this bank has none, and says so.
//
// {v} is /open-banking/v3.1/aisp or /open-banking/v4.0/aisp; each speaks its own words. A consent of the newer one cannot be
// used over the older. POST /api/admin/open-banking/keys gives the bank another signing key.
//
// In what the bank deviates is in the file (config.OpenBanking); without it, it is strict.
package openbanking
