// Package outbound owns how the server reaches addresses that strangers name:
// documents now, webhooks later. It must not know what is fetched or sent.
//
// Invariant: whether an address may be asked is decided on the resolved
// address at the moment of connecting, by Rules, for every connection and
// every hop. What a name resolved to before, or how an address is written,
// decides nothing. No proxy of the environment is used, because the check
// would see the proxy instead.
package outbound
