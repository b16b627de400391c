// Package portal owns the back end of the bank's customer portal: log-in, challenge, and the accounts' data for
// whoever holds a session or an access token.
//
// It translates between HTTP and the bank, and decides nothing. All bodies are JSON; every error is
// {"code": "...", "message": "..."}, with "tries_left" beside a wrong_code.
//
//	POST /api/sessions
//	  {"login": "camille", "password": "...", "attended": true, "device_token": "dev_...",
//	   "return_url": "https://...", "state": "..."}
//	  Only login and password are required; attended is true unless it is said to be false. Answers 201 with
//	  {"session": "ses_...", "status": "AUTHENTICATED", "expires_at": "..."} or
//	  {"session": "ses_...", "status": "CHALLENGE", "challenge": {"kind": "sms_code",
//	   "medium": "+33 6 ** ** ** 12", "tries_left": 3, "expires_at": "..."}}
//	  A challenge of kind redirect has a "url", where the customer confirms; then the browser goes on to return_url
//	  with ?state=&code= or ?state=&error=access_denied.
//	  One of kind options has a "question" and "options": [{"value", "label"}]; one of kind image has the "image" (PNG,
//	  in base64) with its "media_type", one of kind question the "question", which is answered as a code. Errors: wrong_password 401; challenge_required 403, when nobody attends (no code
//	  is sent then); account_locked 403; password_change_required and user_action_required 403, with the "url" of the
//	  page where the customer can mend it.
//
//	GET /api/sessions/{session}
//	  How it stands; asked again and again while an approval is waited for. A device_token comes with the first
//	  AUTHENTICATED after a challenge: sent along with later log-ins, it saves the challenge.
//	  Errors: approval_refused 403, too_many_codes 403, code_expired 410, session_expired 401, not_found 404.
//
//	POST /api/sessions/{session}/challenge {"code": "123456"} or {"option": "sms"}
//	  After an option that a code is sent to, the answer is the challenge of kind sms_code. Errors: wrong_code and
//	  wrong_option 422 (may be tried again), too_many_codes 403, code_expired 410.
//
//	POST /api/sessions/{session}/challenge/resend
//	  Sends the code again where the challenge has "resend": {"available_at", "left"}, and answers with the challenge as
//	  it then stands: the time to answer begins anew, the tries do not. Errors: resend_not_supported and
//	  too_many_resends 409, resend_too_early 429 with "retry_at", too_many_codes 403, code_expired 410.
//
//	DELETE /api/sessions/{session}
//	  Logs out. Answers 204.
//
//	GET /api/accounts                      {"accounts": [{"id", "type", "name", "holder", "iban", "number", "currency", "credit_limit"}]}
//	GET /api/accounts/{id}/balances        {"balances": [{"type": "BOOKED", "amount": "1204.55", "currency": "EUR", "as_of": "2026-03-14"}]}
//	GET /api/accounts/{id}/transactions?from=2026-01-01&to=2026-03-14&page=1
//	                                       {"transactions": [...], "page": 1, "pages": 3, "total": 214, "next_page": 2}
//	  With "Authorization: Bearer SESSION" or "Bearer ACCESS_TOKEN". Amounts are exact strings, a debit is negative.
//	  The feed of the configuration may say otherwise: amounts without sign and "credit_debit" (DBIT, CRDT) beside them,
//	  "remittance" (a list of lines) in the place of "label", other balance types, "next" (an address, perhaps relative) in
//	  the place of "next_page". An account may have "status": "CLOSED" and "id_is_provisional": true.
//	  Pending transactions come first, then the others from the newest to the oldest; from and to are compared with the booking date, or while
//	  pending with the transaction date. Errors: session_expired, token_expired, consent_expired 401,
//	  challenge_open 403, not_found 404, account_closed 403, account_unavailable 503, invalid_request 400.
//
//	  A data call with the header PSU-IP-Address is made with the customer there, any other without. A persona with a
//	  quota has so many of the latter in 24 hours of the bank's clock, for each account and kind of data (further pages
//	  belong to the first one); then quota_exceeded 429 with the reason in words and "retry_at".
//
// While the bank is down for a persona, everything of theirs is unavailable 503, with "retry_at" if it ends by itself.
package portal
