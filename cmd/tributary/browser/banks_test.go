package browser

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/stretchr/testify/require"
)

// town is a catalogue of banks that nobody can reach.
func town(t *testing.T) (plugins, config string) {
	t.Helper()
	plugins, banks := withPSD2(t), t.TempDir()
	for i, name := range []string{"Alpenbank", "Banque de l'Étang", "Banque des Lilas", "Caja del Sol", "Crédit du Verger", "Hafenbank", "La Fleuve", "Norddeutsche Sparbank"} {
		country := map[byte]string{'A': "AT", 'H': "DE", 'N': "DE"}[name[0]]
		if country == "" {
			country = "FR"
		}
		if name == "Caja del Sol" {
			country = "ES"
		}
		text := fmt.Sprintf("id: bank-%d\nname: %q\ncountry: %s\nlogo: \"https://pictures.bank.example/%d.svg\"\nstandard: berlin-group\nversion: \"1.3.11\"\naddresses: {api: \"https://xs2a.bank.example/psd2\", hosts: [login.bank.example]}\n"+
			"sca: {approaches: [redirect]}\nconsent: {model: global}\naccounts: {with_balance: true}\nsignature: {}\n", i, name, country, i)
		require.NoError(t, os.WriteFile(filepath.Join(banks, fmt.Sprintf("bank-%d.yaml", i)), []byte(text), 0o600))
	}
	certificates := filepath.Join(t.TempDir(), "certificates")
	out, err := exec.Command(filepath.Join(programs, "tributary"), "keys", "certificates", "--out", certificates).CombinedOutput()
	require.NoError(t, err, "%s", out)
	config = filepath.Join(t.TempDir(), "tributary.yaml")
	settings := fmt.Sprintf("plugin_settings:\n  psd2:\n    catalogue: %q\n    identities: %q\n", banks, filepath.Join(certificates, "identities.yaml"))
	require.NoError(t, os.WriteFile(config, []byte(settings), 0o600))
	return plugins, config
}

// outOfOrder: a bank that did not answer five users in a row is said to be
// down, where it is listed; it can be chosen all the same. Its picture, which is at
// another host, is never asked for: letters stand for it.
func (s *sandbox) outOfOrder(t *testing.T, browser *rod.Browser, bank string) {
	t.Helper()
	for range 5 {
		p := visitor(t, browser, s, "en")
		p.goes(s.order(t, map[string]any{"channels": []string{"REDIRECT"}}).Links.AddConnection)
		p.sees("button", bank)
		require.Nil(t, p.found("button", bank+" Not reachable"))
		p.presses("button", bank)
		p.presses("button", "I agree")
		p.at(bank + " is not connected yet")
	}
	p := visitor(t, browser, s, "en")
	p.goes(s.order(t, map[string]any{}).Links.AddConnection)
	p.sees("button", bank+" Not reachable at the moment")
	p.seeks("Search for your bank", bank[1:])
	p.gone("button", "Alpenbank")
	p.sees("button", bank+" Not reachable at the moment") // drawn by the script now
	require.Equal(t, []string{bank}, p.down())
	p.presses("button", bank)
	p.at("Share your " + bank)
	french := visitor(t, browser, s, "fr")
	french.goes(s.order(t, map[string]any{}).Links.AddConnection)
	french.sees("button", bank+" Injoignable pour le moment")
	require.Equal(t, []string{bank}, french.down())
}

// down are the banks that are said to be.
func (p *person) down() (names []string) {
	p.t.Helper()
	for _, name := range p.page.MustEval(`() => [...document.querySelectorAll(".banks .down")].map((e) => e.parentElement.firstChild.textContent.trim())`).Arr() {
		names = append(names, name.Str())
	}
	slices.Sort(names)
	return slices.Compact(names) // the popular ones are there twice
}

// TestBanks finds a bank among several: those chosen most in front, by country,
// and by a part of the name while it is typed.
func TestBanks(t *testing.T) {
	plugins, config := town(t)
	s, browser := startSandbox(t, "--plugins", plugins, "--config", config), chromium(t)
	p := visitor(t, browser, s, "en")
	p.goes(s.order(t, map[string]any{"channels": []string{"REDIRECT"}}).Links.AddConnection)
	require.Nil(t, p.found("heading", "Chosen most"), "nobody chose any")
	p.agrees()
	p.at("Continue at Test Bank")
	p.goes(s.order(t, map[string]any{}).Links.AddConnection)
	p.sees("heading", "Chosen most")
	p.sees("list", "Chosen most")
	p.fits(1280)
	(&gallery{folder: *screenshots}).shows(p, "banks-many")
	p.sees("combobox", "Country").MustSelect("Germany")
	p.gone("button", "Alpenbank")
	p.sees("button", "Hafenbank")
	require.Nil(t, p.found("heading", "Chosen most"))
	p.sees("combobox", "Country").MustSelect("All countries")
	p.seeks("Search for your bank", "etang") // by the keyboard, without the accent
	p.gone("button", "Hafenbank")
	p.tabsTo("Banque de l'Étang").enters()
	p.at("Share your Banque de l'Étang accounts")

	french := visitor(t, browser, s, "fr")
	french.withoutScript()
	french.goes(s.order(t, map[string]any{}).Links.AddConnection)
	french.sees("combobox", "Pays")
	french.goes(french.address().String() + "?q=&country=ES")
	french.sees("button", "Caja del Sol")
	require.Nil(t, french.found("button", "Hafenbank"))
	s.outOfOrder(t, browser, "Hafenbank")
}

// gone waits until something is on the page no more.
func (p *person) gone(role, name string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); p.found(role, name) != nil; time.Sleep(50 * time.Millisecond) {
		require.True(p.t, time.Now().Before(deadline), "still on the page: %s %q", role, name)
	}
}
