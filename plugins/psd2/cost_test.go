package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tributary-dev/tributary/cmd/tributary/eidas"
	"github.com/tributary-dev/tributary/plugins/psd2/bankhttp"
	"github.com/tributary-dev/tributary/plugins/psd2/catalogue"
	"github.com/tributary-dev/tributary/plugins/psd2/scripted"
	"github.com/tributary-dev/tributary/plugins/sdk"
)

// What stands on the account of each bank, and how much of it is on a page.
const (
	costRows = 20_000
	costPage = 1_000
)

var costPapers = sync.OnceValue(func() *scripted.Papers {
	p := scripted.PapersOf(eidas.Organization{Name: "Example", Country: "FR", ID: "PSDFR-ACPR-12345"}, eidas.Organization{Name: "Bank", Country: "FR", ID: "PSDFR-ACPR-1"})
	p.Seal.Address = "https://us.example/qseal.pem"
	return p
})

// costs are banks of each standard that cost next to nothing: what they answer was written before.
var costs = map[string]struct{ entry, secrets, accounts, row, list, next string }{
	catalogue.BerlinGroup: {
		entry:    `version: "1.3.11", addresses: {api: "%[1]s"}, consent: {model: global}, accounts: {with_balance: true}, signature: {}`,
		secrets:  `{"consent":"c"}`,
		accounts: `{"accounts":[{"resourceId":"1","iban":"FR7699991004200000010010180","currency":"EUR","balances":[{"balanceType":"interimBooked","balanceAmount":{"currency":"EUR","amount":"1.00"}}]}]}`,
		row:      `{"transactionId":"row-%[1]d","transactionAmount":{"currency":"EUR","amount":"-%[1]d.10"},"bookingDate":"2026-03-01","valueDate":"2026-03-01","creditorName":"Shop","remittanceInformationUnstructured":"CARD SHOP","bankTransactionCode":"PMNT-CCRD-POSD"}`,
		list:     `{"transactions":{"booked":[%s],"_links":{%s}}}`, next: `"next":{"href":"%s"}`,
	},
	catalogue.STET: {
		entry:    `version: "1.4.0", addresses: {api: "%[1]s"}, consent: {model: full}, signature: {}, oauth: {kind: pre-step, authorization: "%[1]s/a", token: "%[1]s/t", scope: aisp}`,
		secrets:  `{"tokens":{"access":"a"}}`,
		accounts: `{"accounts":[{"resourceId":"1","accountId":{"iban":"FR7699991004200000010010180"},"cashAccountType":"CACC","currency":"EUR","name":"x","balances":[{"name":"x","balanceType":"CLBD","balanceAmount":{"currency":"EUR","amount":"1.00"}}],"_links":{}}],"_links":{}}`,
		row:      `{"resourceId":"row-%[1]d","transactionAmount":{"currency":"EUR","amount":"%[1]d.10"},"creditDebitIndicator":"DBIT","status":"BOOK","bookingDate":"2026-03-01","valueDate":"2026-03-01","remittanceInformation":["CARD SHOP"]}`,
		list:     `{"transactions":[%s],"_links":{%s}}`, next: `"next":{"href":"%s"}`,
	},
	catalogue.OpenBankingUK: {
		entry:    `version: "3.1.11", addresses: {api: "%[1]s"}, consent: {model: permissions}, oauth: {kind: openid, issuer: "%[1]s"}`,
		secrets:  `{"consent":"c","tokens":{"access":"a"}}`,
		accounts: `{"Data":{"Account":[{"AccountId":"1","Currency":"EUR","AccountSubType":"CurrentAccount"}]}}`,
		row: `{"AccountId":"1","TransactionId":"row-%[1]d","Amount":{"Currency":"EUR","Amount":"%[1]d.10"},"CreditDebitIndicator":"Debit","Status":"Booked","BookingDateTime":"2026-03-01T00:00:00Z","ValueDateTime":"2026-03-01T00:00:00Z",` +
			`"TransactionInformation":"CARD SHOP","MerchantDetails":{"MerchantName":"Shop"},"BankTransactionCode":{"Code":"CCRD","SubCode":"POSD"}}`,
		list: `{"Data":{"Transaction":[%s]},"Links":{%s}}`, next: `"Next":"%s"`,
	},
}

// serveCost starts such a bank.
func serveCost(b *testing.B, standard string) (p *provider, at string) {
	b.Helper()
	c, pages := costs[standard], []string{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/transactions"):
			n, _ := strconv.Atoi(r.URL.Query().Get("page"))
			_, _ = io.WriteString(w, pages[n])
		case strings.HasSuffix(r.URL.Path, "/balances"):
			_, _ = io.WriteString(w, `{"Data":{"Balance":[]}}`)
		default:
			_, _ = io.WriteString(w, c.accounts)
		}
	}))
	server.TLS = &tls.Config{Certificates: []tls.Certificate{costPapers().Bank}, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	b.Cleanup(server.Close)
	entry, err := catalogue.Parse("bank.yaml", []byte(`{id: bank, name: Bank, country: FR, standard: `+standard+`, sca: {approaches: [redirect]}, `+fmt.Sprintf(c.entry, server.URL)+`}`), quirks)
	require.NoError(b, err)
	identity := costPapers().Identity("me")
	line, err := bankhttp.New(entry, identity)
	require.NoError(b, err)
	spoken, err := speaking(entry, identity, line, time.Now)
	require.NoError(b, err)
	at = map[string]string{catalogue.BerlinGroup: "/v1", catalogue.STET: "/v1", catalogue.OpenBankingUK: "/open-banking/v3.1/aisp"}[standard]
	at = server.URL + at + "/accounts/1/transactions"
	for first := 0; first < costRows; first += costPage {
		rows, next := make([]string, costPage), ""
		for i := range rows {
			rows[i] = fmt.Sprintf(c.row, first+i)
		}
		if first+costPage < costRows {
			next = fmt.Sprintf(c.next, at+"?page="+strconv.Itoa(len(pages)+1))
		}
		pages = append(pages, fmt.Sprintf(c.list, strings.Join(rows, ","), next))
	}
	return &provider{banks: []catalogue.Bank{entry}, dialects: map[string]dialect{"bank": spoken}}, at
}

type countingSink int

func (s *countingSink) Send(item sdk.Item) error {
	if rows, is := item.(sdk.TransactionsItem); is {
		*s += countingSink(len(rows.Transactions))
	}
	return nil
}

// BenchmarkDialects reads the same rows in each dialect, beside a client that decodes the pages and does nothing with them.
func BenchmarkDialects(b *testing.B) {
	for standard, c := range costs {
		b.Run(standard, func(b *testing.B) {
			p, _ := serveCost(b, standard)
			for b.Loop() {
				var got countingSink
				err := p.Fetch(b.Context(), sdk.FetchRequest{
					Session: sdk.Session{ProviderID: "bank", ChannelID: channelOf("bank")}, Mode: sdk.FetchAll, Secrets: sdk.Bundle{Version: 1, Data: []byte(c.secrets)},
					State: sdk.Bundle{Version: 1, Data: []byte(`{}`)}, Window: sdk.Window{Default: "2026-01-01", To: "2026-03-31"},
				}, &got)
				require.NoError(b, err)
				require.Equal(b, costRows, int(got))
			}
			b.ReportMetric(float64(costRows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
		b.Run(standard+"/bare", func(b *testing.B) {
			_, at := serveCost(b, standard)
			client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: costPapers().Authority.Pool(), MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}}
			for b.Loop() {
				for page := range costRows / costPage {
					answer, err := client.Get(at + "?page=" + strconv.Itoa(page)) //nolint:noctx // a benchmark
					require.NoError(b, err)
					var said map[string]any
					require.NoError(b, json.NewDecoder(answer.Body).Decode(&said))
					require.NoError(b, answer.Body.Close())
				}
			}
			b.ReportMetric(float64(costRows*b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
