package aspsp

import "fmt"

var stet = Standard{
	Name: "stet",
	entry: "version: \"1.4.0\"\naddresses: {api: \"{bank}\"}\nconsent: {model: full}\nsignature: {}\n" +
		"oauth: {kind: pre-step, authorization: \"{bank}/authorize\", token: \"{bank}/token\", scope: aisp}\n",
	prefix: "/v1", list: "/v1/accounts", from: "dateFrom", to: "dateTo", exclusive: true,
	row: func(n int, day string) string {
		return fmt.Sprintf(`{"resourceId":"row-%d","transactionAmount":{"currency":"EUR","amount":%q},"creditDebitIndicator":"DBIT","status":"BOOK",`+
			`"bookingDate":%q,"valueDate":%q,"transactionDate":%q,"remittanceInformation":["CARD SHOP %d"]}`, n, spent(n), day, day, day, n%40)
	},
	written: func(rows, next string) string {
		if next != "" {
			next = fmt.Sprintf(`"next":{"href":%q}`, next)
		}
		return `{"transactions":[` + rows + `],"_links":{` + next + `}}`
	},
	decode: decoded(func(page stetPage) int { return len(page.Transactions) }),
	says: map[string]string{
		"POST /token": "",
		"GET /v1/accounts": `{"accounts":[{"resourceId":"1","accountId":{"iban":"FR7699991004200000010010180"},"cashAccountType":"CACC","currency":"EUR","name":"Busy",` +
			`"balances":[{"name":"Booked","balanceType":"CLBD","balanceAmount":{"currency":"EUR","amount":"1.00"}}],"_links":{}}],"_links":{}}`,
	},
	consent: []string{"POST /token"},
}

type stetPage struct {
	Transactions []struct {
		ID         string   `json:"resourceId"`
		Amount     money    `json:"transactionAmount"`
		Indicator  string   `json:"creditDebitIndicator"`
		Status     string   `json:"status"`
		Booking    string   `json:"bookingDate"`
		Value      string   `json:"valueDate"`
		Purchase   string   `json:"transactionDate"`
		Remittance []string `json:"remittanceInformation"`
	} `json:"transactions"`
}
