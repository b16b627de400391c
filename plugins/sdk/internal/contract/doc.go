// Package contract owns what may cross the border between a plugin and the
// server: the words of each enumeration, the bounds of each text, number and
// list, and the order of a fetch. Both sides apply it: the plugin's to tell its
// author early, the server's because a plugin is not trusted.
//
// It knows nothing of processes or of the protocol.
//
// Invariant: a value that passed holds valid UTF-8 of bounded length, amounts
// and days in canonical form, and no word outside the vocabulary. A complaint
// names the place and the rule, never the value.
package contract
