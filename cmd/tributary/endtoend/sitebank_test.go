package endtoend

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/ports/store/storetest/pgcluster"
)

// siteBank is the test bank as it ships, with passwords and codes that exist nowhere else, and one customer more for each
// thing that may befall a customer and befalls none of the file. What passes between it and its customers' browsers is heard.
type siteBank struct {
	*bank
	wire     *siteTap
	personas []sitePersona
}

// sitePersona is one who can log in, as the bank's file has them.
type sitePersona struct {
	Login, Password string
	Challenge       struct {
		Kind, Code, Answer string
		ResendCode         string `yaml:"resend_code"`
	}
	Behaviours []struct{ Kind, Page, Fault string }
}

// secrets are what only the customer knows.
func (c sitePersona) secrets() (all []string) {
	for _, one := range []string{c.Password, c.Challenge.Code, c.Challenge.ResendCode, c.Challenge.Answer} {
		if one != "" {
			all = append(all, one)
		}
	}
	return all
}

// shown are what the bank's pages show of a customer and of nobody else, long enough to be known again.
func (c sitePersona) shown(t *testing.T, b *siteBank) (all []string) {
	t.Helper()
	for _, account := range b.truth(t, c.Login) {
		for _, one := range []string{account.Holder, account.IBAN, account.Number} {
			if len(one) >= 8 && one != c.Login {
				all = append(all, one)
			}
		}
	}
	return all
}

// openSite starts the bank, at noon.
func openSite(t *testing.T) *siteBank {
	t.Helper()
	text := siteFile(t)
	b := &siteBank{bank: &bank{config: filepath.Join(t.TempDir(), "bank.yaml")}}
	var file struct{ Personas []sitePersona }
	require.NoError(t, yaml.Unmarshal([]byte(text), &file))
	b.personas = file.Personas
	require.NoError(t, os.WriteFile(b.config, []byte(text), 0o600))
	address, err := pgcluster.FreeAddress()
	require.NoError(t, err)
	b.open(t, address)
	b.wire = tapSite(t, b.url)
	b.url = b.wire.server.URL
	b.atNoon(t)
	return b
}

// siteFile is the file that ships, with what was said above.
func siteFile(t *testing.T) string {
	t.Helper()
	shipped, err := os.ReadFile("../../../testbank/default.yaml")
	require.NoError(t, err)
	personas, accounts, found := strings.Cut(string(shipped), "\naccounts:\n")
	require.True(t, found)
	// A third of its history is enough: there are several pages of it, and all of it is read a hundred times.
	require.Contains(t, personas, "history_days: 400")
	personas = strings.Replace(personas, "history_days: 400", "history_days: 120", 1)
	more, theirs := strings.Builder{}, strings.Builder{}
	for login, is := range befallen(t) {
		fmt.Fprintf(&more, "\n  - login: %s\n    password: %s-pass1\n    holder: %s\n    %s\n", login, login, login, is)
		account(&theirs, persona{login: login}, "CHECKINGS", "1840.27")
	}
	return unique(personas+more.String()) + "\naccounts:\n" + accounts + theirs.String()
}

var (
	loginLine  = regexp.MustCompile(`^  - login: (\S+)`)
	secretLine = regexp.MustCompile(`^(\s+answer|.*[{ ](?:password|code|resend_code)): ("[^"]*"|[^,}\n]+)(.*\n)$`)
	digitsOnly = regexp.MustCompile(`^"[0-9]+"$`)
)

// unique puts something else in the place of each password, code and answer. What is all digits stays so: it is pressed on keys.
func unique(text string) string {
	var out strings.Builder
	login := ""
	for line := range strings.Lines(text) {
		if named := loginLine.FindStringSubmatch(line); named != nil {
			login = named[1]
		}
		if s := secretLine.FindStringSubmatch(line); s != nil {
			sum := sha256.Sum256([]byte(login + s[1]))
			fresh := fmt.Sprintf(`%x&s1te/+"é~`, sum[:4])
			if digitsOnly.MatchString(s[2]) {
				fresh = fmt.Sprintf("%010d", (uint64(sum[0])<<32|uint64(sum[1])<<24|uint64(sum[2])<<16|uint64(sum[3])<<8|uint64(sum[4]))%9_000_000_000+1_000_000_000)
			}
			line = fmt.Sprintf("%s: %q%s", s[1], fresh, s[3])
		}
		out.WriteString(line)
	}
	return out.String()
}

// words are what the bank's file may say at a place, as its schema lists them: a new one is in every table below, or the test fails.
func words(t *testing.T, path ...string) (all []string) {
	t.Helper()
	text, err := os.ReadFile("../../../testbank/config.schema.json")
	require.NoError(t, err)
	var node map[string]any
	require.NoError(t, json.Unmarshal(text, &node))
	for _, name := range path {
		node = node["properties"].(map[string]any)[name].(map[string]any)
		if items, many := node["items"].(map[string]any); many {
			node = items
		}
	}
	for _, one := range node["enum"].([]any) {
		all = append(all, one.(string))
	}
	require.NotEmpty(t, all)
	return all
}
