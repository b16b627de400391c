package conformance

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
)

// issuer issues the certificates of all tests, each once: making keys takes long.
var issuer = sync.OnceValues(func() (*eidas.Authority, error) { return eidas.NewAuthority("Test", time.Now(), time.Hour) })

var issued = struct {
	sync.Mutex
	pairs map[string]eidas.Pair
}{pairs: map[string]eidas.Pair{}}

func issue(t *testing.T, what string, who eidas.Organization, by func(*eidas.Authority) (eidas.Pair, error)) eidas.Pair {
	t.Helper()
	authority, err := issuer()
	require.NoError(t, err)
	key := fmt.Sprintf("%s %+v", what, who)
	issued.Lock()
	defer issued.Unlock()
	if _, known := issued.pairs[key]; !known {
		made, err := by(authority)
		require.NoError(t, err)
		issued.pairs[key] = made
	}
	return issued.pairs[key]
}

// webOf is a company's certificate for connections, sealOf that for signatures.
func webOf(t *testing.T, who eidas.Organization, hosts ...string) eidas.Pair {
	t.Helper()
	return issue(t, fmt.Sprint("web ", hosts), who, func(a *eidas.Authority) (eidas.Pair, error) { return a.Web(who, hosts...) })
}

func sealOf(t *testing.T, who eidas.Organization) eidas.Pair {
	t.Helper()
	return issue(t, "seal", who, func(a *eidas.Authority) (eidas.Pair, error) { return a.Seal(who) })
}
