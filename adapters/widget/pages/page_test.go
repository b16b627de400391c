package pages

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/core/bank"
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/fault"
	"github.com/tributary-dev/tributary/core/money"
	"github.com/tributary-dev/tributary/core/secret"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

func TestEveryPage_is_drawn(t *testing.T) {
	t.Parallel()
	for _, page := range widget.Pages() {
		require.NotNil(t, sheets[page].draw, page)
		require.NotNil(t, sheets[page].title, page)
	}
	require.Len(t, sheets, len(widget.Pages()))
	for _, kind := range connection.ChallengeTypes() {
		require.True(t, answerTitles[kind] != nil || kind == connection.Redirect, kind)
	}
	for _, result := range append(widget.Results(), "") {
		require.NotEmpty(t, overTitles[result], result)
		require.NotEmpty(t, overWords[result], result)
	}
	for _, kind := range bank.AccountTypes() {
		require.NotEmpty(t, kindWords[kind], kind)
	}
	for _, input := range widget.Inputs() {
		s := widget.New("wid_1", "cli_1", "usr_1", widget.Order{}, secret.New("l"), time.Time{})
		s.Progress = widget.Progress{ProviderID: "oak", Terms: "1", ConnectionID: "con_1"}
		for _, need := range widget.Needs()[1:] {
			if s.Takes(input, widget.Seen{Need: need}) && input != widget.Leave {
				require.NotEmpty(t, troubleWords[input], input)
			}
		}
	}
}

// TestText: say has a word for each language, and no other text is made.
func TestLanguages_are_those_of_the_order(t *testing.T) {
	t.Parallel()
	require.Len(t, say("a", "b"), len(widget.Locales()))
	for _, locale := range widget.Locales() {
		require.Contains(t, say("a", "b"), locale)
	}
}

func TestLetters(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Test Bank": "TB", "Érable": "É", "crédit du nord-est": "CD", "": "", "  -- ": "", "1822 direkt": "1D"} {
		require.Equal(t, want, Letters(name), name)
	}
	require.Equal(t, Hue("oak"), Hue("oak"))
	require.Regexp(t, `^hue-[0-7]$`, Hue("oak"))
}

func TestFigure(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ amount, currency, locale, want string }{
		{"1840.27", "EUR", "fr", "1\u202f840,27\u00a0€"}, {"-98000.10", "EUR", "en", "−98,000.10\u00a0€"},
		{"0.05", "GBP", "en", "0.05\u00a0£"}, {"1234567", "JPY", "en", "1,234,567\u00a0JPY"}, {"100", "USD", "fr", "100\u00a0$"},
	} {
		require.Equal(t, c.want, strings.TrimSpace(figure(money.Must(c.amount, c.currency), c.locale)))
	}
	require.Empty(t, figure(money.Amount{}, "en"))
}

// TestBankAddress: a plugin may send the user to a web page and to nothing else.
func TestBankAddress_is_a_web_page(t *testing.T) {
	t.Parallel()
	for address, good := range map[string]bool{
		"https://bank.example/x?y=1": true, "http://127.0.0.1:9/x": true,
		"javascript:alert(1)": false, "data:text/html,x": false, "//bank.example/": false, "https://u:p@bank.example/": false, "bankapp://x": false, "": false, "https:": false, ":": false,
	} {
		f := Frame{Visit: usecase.Visit{Diagnosis: usecase.Diagnosis{Asked: &connection.Challenge{URL: address}}, Advice: connection.Advice{URL: address}}}
		require.Equal(t, good, bankAddress(f) != nil, address)
		require.Equal(t, good, siteAddress(f) != "", address)
	}
}

// TestPicture: what a browser would run is not shown.
func TestPicture_is_only_painted(t *testing.T) {
	t.Parallel()
	for kind, good := range map[string]bool{"image/png": true, "image/jpeg": true, "image/svg+xml": false, "text/html": false, "": false, "image/png;x": false} {
		require.Equal(t, good, pictureSource(&connection.Picture{MediaType: kind, Data: []byte("x")}) != "", kind)
	}
}

func TestAlert_says_what_helps(t *testing.T) {
	t.Parallel()
	base := fault.New(fault.Conflict, "x", "x")
	seen := map[string]bool{}
	for _, e := range []*fault.Error{base, base.After(3), base.With(fault.At("a", "b")), fault.New(fault.Unavailable, "x", "x")} {
		text := AlertOf(e)
		require.False(t, seen[text["en"]])
		seen[text["en"]] = true
	}
}
