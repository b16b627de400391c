package browser

import (
	"encoding/base64"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"
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
		logo := fmt.Sprintf("https://pictures.bank.example/%d.svg", i)
		switch name {
		case "La Fleuve":
			sign, err := os.ReadFile("../sandbox/logo-app.png")
			require.NoError(t, err)
			logo = "data:image/png;base64," + base64.StdEncoding.EncodeToString(sign)
		case "Alpenbank":
			logo = "data:image/png;base64," + base64.StdEncoding.EncodeToString([]byte("<script>alert(1)</script>"))
		}
		text := fmt.Sprintf("id: bank-%d\nname: %q\ncountry: %s\nlogo: %q\nstandard: berlin-group\nversion: \"1.3.11\"\naddresses: {api: \"https://xs2a.bank.example/psd2\", hosts: [login.bank.example]}\n"+
			"sca: {approaches: [redirect]}\nconsent: {model: global}\naccounts: {with_balance: true}\nsignature: {}\n", i, name, country, logo)
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

// pictured are the banks of the list whose picture is shown.
func (p *person) pictured() (names []string) {
	p.t.Helper()
	p.painted()
	for _, name := range p.page.MustEval(`() => [...document.querySelectorAll("[data-group=all] .bank img")].map((i) => i.closest(".bank").querySelector(".name").firstChild.textContent.trim())`).Arr() {
		names = append(names, name.Str())
	}
	return names
}

// drawn is where the API says that a bank's picture is, after a look at it.
func (s *sandbox) drawn(t *testing.T, bank string) string {
	t.Helper()
	var told struct {
		LogoURL *string `json:"logo_url"`
	}
	s.call(t, http.MethodGet, "/v1/providers/"+bank, nil, http.StatusOK, &told)
	if told.LogoURL == nil {
		return ""
	}
	response, err := http.Get(*told.LogoURL)
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Contains(t, response.Header.Get("Cache-Control"), "immutable")
	_, err = png.Decode(response.Body)
	require.NoError(t, err)
	return *told.LogoURL
}

// testLogos: a bank has its picture where its plugin has one that is one, from our own
// address, also when the script draws the list; letters stand for all others, and for
// one that does not arrive.
func (s *sandbox) testLogos(t *testing.T, browser *rod.Browser) {
	p := visitor(t, browser, s, "en")
	p.goes(s.order(t, map[string]any{}).Links.AddConnection)
	p.sees("button", "Alpenbank")
	require.Equal(t, []string{"La Fleuve", "Test Bank"}, p.pictured())
	p.seeks("Search for your bank", "fleuve")
	p.gone("button", "Alpenbank")
	require.Equal(t, []string{"La Fleuve"}, p.pictured())
	p.presses("button", "La Fleuve")
	p.at("Share your La Fleuve")
	p.painted()
	require.Equal(t, s.drawn(t, "bank-6"), p.page.MustEval(`() => document.querySelector(".pair img").src`).Str(), "clients are told the same address")
	require.Empty(t, s.drawn(t, "bank-0"))

	lost := visitor(t, browser, s, "en")
	require.NoError(t, proto.NetworkSetBlockedURLs{Urls: []string{"*/widget/logos/*"}}.Call(lost.page))
	lost.goes(s.order(t, map[string]any{}).Links.AddConnection)
	lost.sees("button", "La Fleuve")
	letters := func(bank string) string {
		return lost.page.MustEval(`async (bank) => {
			const line = [...document.querySelectorAll("[data-group=all] .bank")].find((b) => b.innerText.includes(bank));
			for (let i = 0; i < 200 && line.querySelector("img"); i++) await new Promise((done) => setTimeout(done, 50));
			return line.querySelector(".tile").innerText + (line.querySelector("img") ? " covered" : "");
		}`, bank).Str()
	}
	require.Equal(t, "LF", letters("La Fleuve"))
	lost.seeks("Search for your bank", "fleuve")
	lost.gone("button", "Alpenbank")
	require.Equal(t, "LF", letters("La Fleuve"), "drawn by the script")
	lost.forgives("log: Failed to load resource: net::ERR_BLOCKED_BY_CLIENT")
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
	s.testLogos(t, browser)
	s.outOfOrder(t, browser, "Hafenbank")
}

// gone waits until something is on the page no more.
func (p *person) gone(role, name string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); p.found(role, name) != nil; time.Sleep(50 * time.Millisecond) {
		require.True(p.t, time.Now().Before(deadline), "still on the page: %s %q", role, name)
	}
}
