// Package pages owns what a customer's browser sees of the bank: the pages on which a consent is given, the page that
// confirms a log-in, and the "phone" on which approvals wait.
//
//	/redirect/authorize/{consent_id}   log in, perhaps a challenge, choose accounts, approve or refuse
//	/confirm/{challenge_id}            confirm a log-in at the customer portal (persona with a redirect challenge)
//	/password/{login}                  choose a new password, where that has to be done
//	/terms/{login}                     accept new terms, where that has to be done
//	/app/{login}                       the customer's phone: approve or refuse what waits
//
// Every page is a plain form with no script; fields are login, password, new_password, code, option, accounts (repeated) and decision
// (approve or refuse). The bank decides each step; a page only shows where the bank says that the customer is. Texts
// from the configuration are untrusted and escaped by html/template.
package pages
