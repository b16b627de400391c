// Package pages draws what a user sees in the widget. A page is a file of its own
// (banks.templ, agree.templ, …), with its words beside it in the same file name;
// layout.templ is what all have in common, page.go the table of them. Pages know
// no address but the one they are given, and never decide what comes next.
//
// Invariant: every text exists in every language; what comes from a bank, a client
// or a user is text and never markup.
package pages
