// Package browser owns Chromium: one process group for all, an isolated context for each visit, windows, input, downloads,
// and the ends of all of them.
//
// It knows no recipe and no bank. go-rod is used for the protocol alone (lib/cdp, lib/proto) and appears in no exported
// name, so that it can be replaced. Invariants: DevTools is a pipe and never a port; Chromium keeps its sandbox and runs
// unprivileged unless the operator said otherwise, which is reported; what a visit cannot reach through its gate it cannot
// reach; scripts of ours run in a world that the page's scripts do not see; when a visit or the process ends, nothing of it
// is left: no context, no profile, no process.
package browser
