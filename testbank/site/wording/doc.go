// Package wording owns how the web site says things: which language, how amounts and days are written, and what is said
// of a refusal. It knows no page. Its invariant: an amount is written from its exact text, never from a float.
package wording
