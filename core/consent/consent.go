// Package consent owns what a user agreed to: by which words, at which bank, for
// which data, how long, and every access that was made under it. It knows
// nothing of banks, plugins or clocks.
package consent
