// Package browser tests the widget as its users have it: real Chromium against
// the real server, plugin and test bank, each a process of its own. What is on a
// page is found as people find it, by role and name in the accessibility tree.
//
// Invariant: a test fails where a page says anything to the console, asks another
// host for anything, or breaks its own policy.
//
// make screenshots has it write every page to a folder, in both languages, all
// widths, dark and light.
package browser
