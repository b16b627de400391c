// Package testbank is an emulated bank as an http.Handler: customer portal, consents on its own pages, accounts with
// believable transactions, a clock that can be moved, and an admin side for tests.
//
// It is an outside party: it imports nothing of Tributary's own packages and is reached like any bank, over HTTP. One
// documented file configures it (package config; DefaultConfig ships). The floors, each knowing only those before it:
//
//	config    the file, its schema and its mistakes
//	ledger    what stands on the accounts as of a day, how it is told, and the truth
//	bank      log-ins, challenges, consents, tokens, counts
//	reply     how HTTP answers are written
//	portal    /api: the customer portal's back end      (routes and bodies in its package comment)
//	redirect  /redirect: consents and tokens            (the same)
//	thirdparty  what PSD2 interfaces have in common: certificates, signatures, tokens
//	xs2a      /xs2a: the PSD2 interface of the Berlin Group (the same)
//	stet      /stet: the PSD2 interface of STET             (the same)
//	openbanking /open-banking: that of UK Open Banking (the same)
//	pages     what a browser sees                       (the same)
//	site      /web: the web site for customers, in themes   (addresses in each theme's package comment)
//	admin     truth, clock, counts, hold                (the same)
//	scenarios the stories that ship, each a file of its own
//
// State is in memory: a restart ends sessions, open challenges and access tokens, and puts the clock right. Consents of
// third parties survive it where somebody keeps them (bank.Options.Keep). Trusted
// devices and granted consents survive it, because device and refresh tokens carry their own proof.
package testbank
