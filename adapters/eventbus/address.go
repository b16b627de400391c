package eventbus

import (
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/tributary-dev/tributary/core/secret"
)

// ErrAddress is what is said of an address that cannot be one; it is not
// quoted, for it holds a password.
var ErrAddress = errors.New("wants nats://user:password@host:4222 or tls://…, several separated by commas")

// CheckAddress looks at what nats.go would quote in its errors.
func CheckAddress(address secret.String) error {
	for part := range strings.SplitSeq(address.Reveal(), ",") {
		u, err := url.Parse(strings.TrimSpace(part))
		if err != nil || !slices.Contains([]string{"nats", "tls"}, u.Scheme) || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
			return ErrAddress
		}
	}
	return nil
}

// ProbeNATS tries whether a broker answers and keeps hints.
func ProbeNATS(address secret.String) error {
	if err := CheckAddress(address); err != nil {
		return err
	}
	tried, err := dial(address)
	if err != nil {
		return err
	}
	tried.close()
	return nil
}
