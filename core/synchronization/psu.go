package synchronization

import (
	"strings"
	"unicode"
)

// PSU is the user who is really there (PSD2 "payment service user").
type PSU struct {
	IP        string
	UserAgent string
}

// longestUserAgent bounds, in bytes, what is kept and handed on to banks.
const longestUserAgent = 512

// Present is a user at an address with a browser. What the browser says of
// itself is anybody's text and becomes a header of calls to banks: it is cut, and
// what cannot be printed is left out.
func Present(ip, userAgent string) *PSU {
	told := strings.ToValidUTF8(userAgent[:min(len(userAgent), longestUserAgent)], "")
	return &PSU{IP: ip, UserAgent: strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, told)}
}
