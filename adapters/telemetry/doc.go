// Package telemetry owns how the server speaks about itself: its log, its
// metrics and its traces. It wraps ports to see what passes through them, and
// must not know which adapter stands behind one, nor change what passes.
//
// Invariants: one record of the log is one line, whatever a stranger put into
// it; no label and no attribute of a span holds what a caller or a bank sent, a
// secret, or the id of a client or user; what is measured fails no work.
package telemetry
