package endtoend

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clientSecret is what a bank's token server knows us by.
const clientSecret = "cl13nt&c4nary/+"

// TestSecrets_of_PSD2_stay_where_they_belong is S1 for banks that are reached
// over a PSD2 interface: whatever passed between our plugin and the bank that
// only both may know (tokens, codes, verifiers, passwords, signatures) and the
// keys of our certificates, searched for in all that is left.
func TestSecrets_of_PSD2_stay_where_they_belong(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		searchPSD2(t, options{}, func(haystack) {})
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		base := startDatabase(t)
		searchPSD2(t, options{databaseURL: base.url}, func(scenes haystack) { base.collect(t, scenes) })
	})
}

func searchPSD2(t *testing.T, o options, more func(haystack)) {
	t.Helper()
	mine := papers(t)
	anna, paul := plain("anna"), texted("paul", secretCode)
	paul.password = secretPassword
	tokens := certifiedBank(t, "oauth: integrated, token_life: 2s, ", anna)
	tokens.open(t, mine)
	passwords := certifiedBank(t, "", paul)
	passwords.open(t, mine)
	w := watch(t)
	wire, own := tap(t, tokens.psd2, mine), tap(t, passwords.psd2, mine)
	require.NoError(t, os.WriteFile(filepath.Join(mine, "bank.secret"), []byte(clientSecret), 0o600))
	appendTo(t, filepath.Join(mine, "identities.yaml"), "  client_secret_file: bank.secret\n")
	sealedAt(t, mine, tokens)
	config := catalogued(t, mine, cataloguedInFrench("french", wire.address(), tokens.pages, "", ""),
		cataloguedAs("tokens", wire.address(), tokens.pages, "sca: {approaches: [redirect]}\noauth: {kind: integrated}\n"),
		cataloguedAs("passwords", own.address(), passwords.pages, "sca: {approaches: [embedded], psu_id: required}\n"))
	o.bank, o.level, o.plugins = tokens.bank, "debug", pluginFolder(t, "testbank", "psd2")
	o.environment = append(w.environment(), "TRIBUTARY_CONFIG="+config)
	s := startSandbox(t, o)
	scenes := haystack{}
	revoked := s.playPSD2(t, scenes, anna, paul)
	scenes.folder(t, s.data, "data", "while it runs")
	scenes.folder(t, w.temporary, "temporary", "while it runs")
	scenes["metrics"] = w.scrape(t)
	s.stop(t)
	scenes.collect(t, s)
	scenes.folder(t, w.temporary, "temporary", "afterwards")
	scenes["traces"] = w.traces()
	text, err := os.ReadFile(passwords.process.log)
	require.NoError(t, err)
	scenes["log of the other bank"] = text
	more(scenes)

	require.NotEmpty(t, scenes.search(revoked), "the consent's id lies open, as what the user may see: the search finds it")
	passed := append(wire.secrets(), own.secrets()...)
	kinds := map[string]bool{}
	for _, secret := range passed {
		kinds[kindOf(secret)] = true
		require.Empty(t, scenes.search(secret), "where %s is, which passed between us and the bank", secret)
	}
	require.Subset(t, kinds, map[string]bool{"acc_": true, "ref_": true, "cod_": true, "a client's secret": true, "a signature or verifier": true}, "what passed is not heard")
	for _, secret := range append(keysOf(t, mine), secretPassword, secretCode, wrongCode, clientSecret) {
		require.Empty(t, scenes.search(secret), "where %s is", secret)
	}
}

// kindOf names what a secret is.
func kindOf(secret string) string {
	for _, prefix := range []string{"acc_", "ref_", "cod_"} {
		if strings.HasPrefix(secret, prefix) {
			return prefix
		}
	}
	if secret == clientSecret {
		return "a client's secret"
	}
	return "a signature or verifier"
}

// keysOf are the lines of our private keys: each alone would be a leak.
func keysOf(t *testing.T, folder string) (lines []string) {
	t.Helper()
	for _, name := range []string{"qwac.key", "qseal.key"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			// The first line of a key is the same for all of its kind.
			if line = strings.TrimSpace(line); len(line) == 64 && !strings.HasPrefix(line, "MII") && !strings.HasPrefix(line, "MIG") {
				lines = append(lines, line)
			}
		}
	}
	require.Greater(t, len(lines), 10)
	return lines
}

// playPSD2 connects by tokens and by a password, through restarts, wrong codes,
// refreshes and revocation. It gives the id of a consent.
func (s *sandbox) playPSD2(t *testing.T, seen haystack, anna, paul persona) string {
	t.Helper()
	p := thirdParty{&drama{bank: s.bank, links: map[string]link{}, staff: s.asClient(t)}, s}.by(t, "anna")
	l := p.connectsTo(t, "tokens", nil)
	asked := l.asked(t, "")
	s.kill(t)
	s.restart(t)
	p.consent(t, step{Login: anna.login, Password: anna.password}, p.leads(t, asked.text(t, ".url")))
	l.succeeds(t)
	f := p.connectsTo(t, "french", nil)
	p.onPage(t, f, anna.login)
	f.succeeds(t)
	time.Sleep(2 * time.Second) // a token's life, on real time
	f.synchronize(t).succeeds(t)
	s.bank.hold(t, "/xs2a/v1/accounts", 0)
	l = l.synchronize(t)
	s.bank.caught(t, 1)
	seen.processes(t, s, "fetching")
	s.bank.release(t)
	l.succeeds(t)

	e := p.connectsTo(t, "passwords", map[string]string{"psu_id": paul.login})
	asked = e.asked(t, "")
	e.answer(t, asked, map[string]string{"password": paul.password}).want(t, http.StatusAccepted)
	asked = e.asked(t, asked.text(t, ".id"))
	e.answer(t, asked, map[string]string{"code": wrongCode}).want(t, http.StatusAccepted)
	asked = e.asked(t, asked.text(t, ".id"))
	seen.processes(t, s, "asking")
	e.answer(t, asked, map[string]string{"code": secretCode}).want(t, http.StatusAccepted)
	e.succeeds(t)

	consent := p.user.get(t, "/v1/consents/"+l.look(t).text(t, ".channels[0].consent_id")).want(t, http.StatusOK)
	p.revokes(t, consent.text(t, ".id"))
	return consent.text(t, ".id")
}

func (p thirdParty) connectsTo(t *testing.T, bank string, credentials map[string]string) link {
	t.Helper()
	made := p.user.post(t, "/v1/connections", map[string]any{
		"provider_id": bank, "auto_sync": false, "channels": []any{map[string]any{"channel_definition_id": bank + "-psd2", "credentials": credentials}},
	}).want(t, http.StatusAccepted)
	return link{p.user, made.text(t, ".id"), made.text(t, ".last_synchronization_id")}
}

func appendTo(t *testing.T, path, text string) {
	t.Helper()
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = fmt.Fprint(file, text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}
