package aspsp

import "fmt"

var berlin = Standard{
	Name: "berlin-group",
	entry: "version: \"1.3.11\"\naddresses: {api: \"{bank}\"}\n" +
		"consent: {model: global}\naccounts: {with_balance: true}\nsignature: {}\n",
	prefix: "/v1", list: "/v1/accounts", from: "dateFrom", to: "dateTo",
	row: func(n int, day string) string {
		return fmt.Sprintf(`{"transactionId":"row-%d","transactionAmount":{"currency":"EUR","amount":"-%s"},"bookingDate":%q,"valueDate":%q,`+
			`"creditorName":"Shop %d","remittanceInformationUnstructured":"CARD SHOP %d","bankTransactionCode":"PMNT-CCRD-POSD"}`, n, spent(n), day, day, n%40, n%40)
	},
	written: func(rows, next string) string {
		if next != "" {
			next = fmt.Sprintf(`"next":{"href":%q}`, next)
		}
		return `{"transactions":{"booked":[` + rows + `],"pending":[],"_links":{` + next + `}}}`
	},
	decode: decoded(func(page berlinPage) int { return len(page.Transactions.Booked) }),
	says: map[string]string{
		"POST /v1/consents": `{"consentStatus":"received","consentId":"c","_links":{"scaRedirect":{"href":"{bank}/authorize"},"status":{"href":"/v1/consents/c/status"}}}`,
		"GET /v1/consents/c": `{"consentStatus":"valid","validUntil":"2099-12-31","access":{"allPsd2":"allAccounts"},"recurringIndicator":true,` +
			`"frequencyPerDay":4,"lastActionDate":"2026-01-01"}`,
		"GET /v1/accounts": `{"accounts":[{"resourceId":"1","iban":"FR7699991004200000010010180","currency":"EUR","name":"Busy",` +
			`"balances":[{"balanceType":"interimBooked","balanceAmount":{"currency":"EUR","amount":"1.00"}}]}]}`,
	},
	consent: []string{"POST /consents", "GET /consents/c"},
}

type berlinPage struct {
	Transactions struct {
		Booked []struct {
			ID       string `json:"transactionId"`
			Amount   money  `json:"transactionAmount"`
			Booking  string `json:"bookingDate"`
			Value    string `json:"valueDate"`
			Creditor string `json:"creditorName"`
			Text     string `json:"remittanceInformationUnstructured"`
			Code     string `json:"bankTransactionCode"`
		} `json:"booked"`
	} `json:"transactions"`
}
