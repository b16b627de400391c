package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/plugins/sdk"
	"github.com/tributary-dev/tributary/plugins/sdk/conformance"
	"github.com/tributary-dev/tributary/plugins/sdk/host"
)

var scratch string

// program builds the plugin once for all tests.
var program = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "scraper")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "scraper-"); err != nil {
		panic(err)
	}
	status := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(status)
}

// launched is a world whose plugin is a real process, started as the server does it.
func launched(t *testing.T, bank []byte, settings ...string) (*world, *host.Process) {
	t.Helper()
	w := openBank(t, bank)
	path, err := program()
	require.NoError(t, err)
	sum, err := host.Checksum(path)
	require.NoError(t, err)
	all := map[string]string{"testbank_url": w.url, "profiles": folder(t)}
	for i := 0; i+1 < len(settings); i += 2 {
		all[settings[i]] = settings[i+1]
	}
	process, err := host.Launch(t.Context(), host.Config{Path: path, SHA256: sum, Settings: all, StartTimeout: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { process.Close(time.Second) })
	w.provider = process.Provider()
	return w, process
}

// small is a bank with little to read.
const small = `bank: {origin: 2026-03-14, language: fr}
personas:
  - {login: camille, password: camille-pass1, holder: Ann}
  - {login: paul, password: paul-pass1, holder: Bob, challenge: {kind: sms_code, code: "123456"}}
accounts:
  - ref: current
    owner: camille
    type: CHECKINGS
    name: Current
    iban: FR76 9999 1004 2000 0001 0010 180
    currency: EUR
    balance: 100.00
    transactions:
      - {date: 2026-03-14, amount: -3.00, label: three, kind: card, status: PENDING}
      - {date: 2026-03-13, amount: 2.00, label: two, kind: transfer}
      - {date: 2026-02-01, amount: -0.50, label: old, kind: atm}
  - {ref: savings, owner: camille, type: SAVINGS, name: Savings, number: "2", currency: EUR, balance: 5.00}
  - {ref: theirs, owner: paul, type: CHECKINGS, name: Current, number: "7", currency: EUR, balance: 1.00, transactions: [{date: 2026-03-13, amount: -2.00, label: two}]}
`

// The plugin as a process, before a customer whom the bank sends codes.
func TestConformance(t *testing.T) {
	t.Parallel()
	sample := func(theme, login string) conformance.Case {
		return conformance.Case{
			Name: theme + "-" + login, ProviderID: "testbank-" + theme, ChannelID: channelOf("testbank-" + theme), Credentials: credentials(login),
			Wrong:  sdk.Secrets{"login": login, "password": "wrong-pass"},
			Answer: func(sdk.Challenge) sdk.Secrets { return sdk.Secrets{"code": "123456"} },
			Since:  "2026-03-01", Until: "2026-03-14",
		}
	}
	conformance.Run(t, func(t *testing.T) sdk.Provider { w, _ := launched(t, []byte(small)); return w.provider }, sample("modern", "paul"))
}
