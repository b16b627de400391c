// Package widget serves the pages in which users connect their banks: rendered
// here, usable without a script, and at one address a visit. It owns HTML, cookies
// and headers. It decides nothing: at which page a visit is, and what a page
// takes, is the use case's business.
//
// Invariants: a page shows what the stored visit says, whatever address was
// typed; nothing changes without the form's own word, from the browser that
// opened the link; no page loads, or tells, anything from or to another host but
// by the address that the client registered; what banks and plugins say is text.
package widget

//go:generate go run github.com/a-h/templ/cmd/templ@v0.3.977 generate -path pages
