// Package desk owns what stands behind every page of the bank's web site, whatever its theme: the visit of a browser with
// its cookies and form tokens, how far its log-in is, the data of its pages, and how pages break. It knows no markup.
//
// A visit begins with the first page and is named by a cookie, which is another one after the log-in. Sessions and trusted
// devices are the bank's own: the device is a cookie too. Invariant: a page with data is shown to an authenticated session
// alone, and a password is held no longer than the request that brought it.
package desk
