package outbound

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
)

// maxHost is the longest name of the DNS, in its text form (RFC 1035).
const maxHost = 253

// checkHost refuses literal addresses that may not be asked, and names that
// some resolver would take for an address.
func (r Rules) checkHost(host string) error {
	bare := strings.TrimSuffix(host, ".")
	if bare == "" || len(host) > maxHost+1 || strings.ContainsAny(host, "%/\\ \t\r\n\x00") {
		return ErrRefused
	}
	if addr, err := netip.ParseAddr(bare); err == nil {
		if !r.Permits(addr) {
			return ErrRefused
		}
		return nil
	}
	if endsInNumber(bare) || strings.Contains(bare, ":") {
		return ErrRefused
	}
	return nil
}

// endsInNumber knows what browsers and C libraries read as an IPv4 address in
// one of its old notations: 2130706433, 0x7f.1, 0177.0.0.1, 127.1 (WHATWG URL,
// "ends in a number"). No top-level domain is a number.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if _, err := strconv.ParseUint(last, 0, 64); err == nil {
		return true
	}
	digits := strings.Trim(last, "0123456789") == ""
	return digits && last != "" || strings.HasPrefix(strings.ToLower(last), "0x") && strings.Trim(strings.ToLower(last[2:]), "0123456789abcdef") == ""
}

func plausiblePort(address *url.URL) bool {
	port := address.Port()
	if port == "" {
		return !strings.HasSuffix(address.Host, ":")
	}
	number, err := strconv.ParseUint(port, 10, 16)
	return err == nil && number > 0
}
