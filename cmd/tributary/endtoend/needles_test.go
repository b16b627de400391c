package endtoend

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// needles are many secrets that are searched for in one pass, each in every disguise, by how that begins.
type needles struct {
	first [1 << 16]bool
	all   map[[4]byte][]needle
}

type needle struct {
	form, name string
	text       []byte
}

func sharpen(t tester, secrets []string) *needles {
	n := &needles{all: map[[4]byte][]needle{}}
	for _, secret := range secrets {
		require.GreaterOrEqual(t, len(secret), 8, "%q could be anywhere", secret)
		for form, text := range disguises(secret) {
			n.first[int(text[0])<<8|int(text[1])] = true
			n.all[[4]byte(text)] = append(n.all[[4]byte(text)], needle{form, secret, text})
		}
	}
	return n
}

// in names each place and form in which one of them is.
func (n *needles) in(h haystack) (found []string) {
	for place, text := range h {
		for i := 0; i+4 <= len(text); i++ {
			if !n.first[int(text[i])<<8|int(text[i+1])] {
				continue
			}
			for _, one := range n.all[[4]byte(text[i:])] {
				if bytes.HasPrefix(text[i:], one.text) {
					found = append(found, fmt.Sprintf("%s in %s (%s)", one.name, place, one.form))
				}
			}
		}
	}
	return found
}

// TestNeedles_are_found shows that the search of many can fail as well.
func TestNeedles_are_found(t *testing.T) {
	t.Parallel()
	secrets := []string{secretLogin, secretPassword, secretCode}
	n := sharpen(t, secrets)
	for _, secret := range secrets {
		for name, form := range disguises(secret) {
			text := append(append([]byte("before"), form...), "after"...)
			require.Contains(t, n.in(haystack{"here": text}), secret+" in here ("+name+")")
			require.Empty(t, n.in(haystack{"here": text[:len(text)-len("after")-2]}), "%s cut short", name)
		}
	}
}
