// Package webhookhttp owns one request to a client's endpoint: what is sent, how
// long it may take, and what of the answer is kept. It must not know when a
// request is made; which addresses may be asked is decided by the client that it
// is given.
//
// Invariant: an exchange ends within webhook.Limit and reads no more than
// webhook.MaxRead; whatever goes wrong below HTTP is told as one of
// delivery.Codes, without a cause.
package webhookhttp
