package main

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/cmd/tributary/measure/aspsp"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// costRows is what stands on the account of each bank.
const costRows = 20_000

var costPapers = sync.OnceValue(func() *scripted.Papers {
	p := scripted.PapersOf(eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345"}, eidas.Organization{Name: "Bank", Country: "FR", ID: "PSDFR-ACPR-1"})
	p.Seal.Address = "https://us.example/qseal.pem"
	return p
})

// serveCost starts a bank that costs next to nothing, and what reads it.
func serveCost(t testing.TB, standard aspsp.Standard, rows int) (*provider, *aspsp.Bank) {
	t.Helper()
	papers := costPapers()
	bank, err := standard.Open(rows, papers.Bank, papers.Authority.Pool())
	require.NoError(t, err)
	t.Cleanup(bank.Close)
	entry, err := catalogue.Parse("bank.yaml", []byte(bank.Entry()), quirks)
	require.NoError(t, err)
	identity := papers.Identity("me")
	line, err := bankhttp.New(entry, identity)
	require.NoError(t, err)
	spoken, err := speaking(entry, identity, line, time.Now)
	require.NoError(t, err)
	return &provider{banks: []catalogue.Bank{entry}, dialects: map[string]dialect{entry.ID: spoken}}, bank
}

// agrees has the user agree at the bank.
func agrees(t testing.TB, p *provider, bank *aspsp.Bank) sdk.FetchRequest {
	t.Helper()
	session, here := sdk.Session{ProviderID: bank.ID(), ChannelID: channelOf(bank.ID())}, &sdk.PSU{IP: "192.0.2.1"}
	const returnURL = "https://us.example/return"
	step, err := p.Begin(t.Context(), sdk.BeginRequest{Session: session, PSU: here, ReturnURL: returnURL, ReturnState: "state"})
	require.NoError(t, err)
	back, err := bank.Visit(t.Context(), step.Challenge.URL)
	require.NoError(t, err)
	answers := sdk.Secrets{}
	for name := range back.Query() {
		answers[name] = back.Query().Get(name)
	}
	step, err = p.Continue(t.Context(), sdk.ContinueRequest{
		Session: session, PSU: here, State: step.Challenge.State, ReturnURL: returnURL, ReturnState: "state", Answers: answers,
	})
	require.NoError(t, err)
	require.NotNil(t, step.Ready)
	return sdk.FetchRequest{
		Session: session, Mode: sdk.FetchAll, Secrets: step.Ready.Secrets, State: step.Ready.State, Window: sdk.Window{To: sdk.Day(time.Now().Format(time.DateOnly))},
	}
}

type countingSink int

func (s *countingSink) Send(item sdk.Item) error {
	if rows, is := item.(sdk.TransactionsItem); is {
		*s += countingSink(len(rows.Transactions))
	}
	return nil
}

// TestCosts connects with the banks that everything is measured with, and counts: none of the calls is there that the
// standard does not need.
func TestCosts(t *testing.T) {
	t.Parallel()
	for _, standard := range aspsp.Standards() {
		t.Run(standard.Name, func(t *testing.T) {
			t.Parallel()
			const rows = 2_500
			p, bank := serveCost(t, standard, rows)
			ask := agrees(t, p, bank)
			var got countingSink
			require.NoError(t, p.Fetch(t.Context(), ask, &got))
			require.Equal(t, rows, int(got))
			require.Equal(t, bank.Needed(bank.Tally(), true), bank.Tally().Made)
			bank.Forget()
			require.NoError(t, p.Fetch(t.Context(), ask, &got))
			require.Equal(t, bank.Needed(bank.Tally(), false), bank.Tally().Made)
		})
	}
}

// BenchmarkDialects reads the same rows in each dialect, beside a client that decodes the pages and does nothing with them.
func BenchmarkDialects(b *testing.B) {
	for _, standard := range aspsp.Standards() {
		p, bank := serveCost(b, standard, costRows)
		ask := agrees(b, p, bank)
		b.Run(standard.Name, func(b *testing.B) {
			for b.Loop() {
				var got countingSink
				require.NoError(b, p.Fetch(b.Context(), ask, &got))
				require.Equal(b, costRows, int(got))
			}
			b.ReportMetric(float64(costRows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(standard.Name+"/bare", func(b *testing.B) {
			for b.Loop() {
				_, err := bank.Bare(b.Context())
				require.NoError(b, err)
			}
			b.ReportMetric(float64(costRows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
