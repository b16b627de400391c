package setting

import (
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

type field func(*Values) *string

func path(of field) func(*Values, string) bool {
	return func(v *Values, text string) bool {
		*of(v) = text
		return text != "" && !strings.ContainsRune(text, 0)
	}
}

func oneOf(of field, words ...string) func(*Values, string) bool {
	return func(v *Values, text string) bool {
		*of(v) = text
		return slices.Contains(words, text)
	}
}

func address(of field) func(*Values, string) bool {
	return func(v *Values, text string) bool {
		*of(v) = text
		_, port, err := net.SplitHostPort(text)
		number, bad := strconv.ParseUint(port, 10, 16)
		return err == nil && bad == nil && number <= 65535
	}
}

// baseURL is scheme and host, to which paths are added.
func baseURL(of field) func(*Values, string) bool {
	return func(v *Values, text string) bool {
		u, err := url.Parse(text)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return false
		}
		*of(v) = strings.TrimSuffix(text, "/")
		return true
	}
}

// fastest is more than any server answers.
const fastest = 1_000_000

func rateLimit(v *Values, text string) bool {
	if text == "off" {
		v.RateLimit = Unlimited
		return true
	}
	number, err := strconv.Atoi(text)
	v.RateLimit = number
	return err == nil && number > 0 && number <= fastest
}

func duration(of func(*Values) *time.Duration, most time.Duration) func(*Values, string) bool {
	return func(v *Values, text string) bool {
		value, err := time.ParseDuration(text)
		*of(v) = value
		return err == nil && value >= 0 && value <= most
	}
}

// Bounds of a log, in days: a webhook is tried for a good three days, and given
// up after five.
const shortestLog, longestLog = 7, 3650

func eventRetention(v *Values, text string) bool {
	if text == "off" {
		v.EventRetention = Unlimited
		return true
	}
	days, err := strconv.Atoi(text)
	v.EventRetention = days
	return err == nil && days >= shortestLog && days <= longestLog
}

// pluginName is what a program in the folder of plugins may be called.
var pluginName = regexp.MustCompile(`^[a-z0-9](?:[a-z0-9._-]{0,126}[a-z0-9])?$`)

func plugins(of func(*Values) *[]string) func(*Values, string) bool {
	return func(v *Values, text string) bool {
		var all []string
		for _, part := range strings.Split(text, ",") {
			name := strings.TrimSpace(part)
			if !pluginName.MatchString(name) || slices.Contains(all, name) {
				return false
			}
			all = append(all, name)
		}
		*of(v) = all
		return true
	}
}

func networks(of func(*Values) *[]netip.Prefix) func(*Values, string) bool {
	return func(v *Values, text string) bool {
		var all []netip.Prefix
		for _, part := range strings.Split(text, ",") {
			network, err := netip.ParsePrefix(strings.TrimSpace(part))
			if err != nil || network != network.Masked() {
				return false
			}
			all = append(all, network)
		}
		*of(v) = all
		return true
	}
}
