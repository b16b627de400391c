// Package modern owns the theme of a bank that has rewritten its web site lately: pages rendered by the server, with a
// script that adds a cookie banner, a keypad, polling, and more rows from a JSON endpoint. It decides nothing: the desk
// says how far a visit is.
//
//	/web/modern/                      leads to the log-in or the accounts
//	…/login, …/login/password         log-in; in two steps where a customer of the bank has a keypad
//	…/keypad/{place}                  the picture on a key
//	…/security                        the second factor; …/begin, …/resend, …/status (polled), …/image
//	…/password, …/terms               what has to be done first
//	…/accounts, …/accounts/{id}       accounts, and one with its operations
//	…/savings, …/cards, …/loans       the accounts of a kind
//	…/api/accounts/{id}/operations    ?page=2: further operations, as JSON
//	…/accounts/{id}/export            ?format=csv|ofx|camt and ?days=30|90|all
//	…/info/{topic}, …/logout
//
// Its two markups are one site before and after a release: other classes, fields, words, and a table in place of a list.
package modern
