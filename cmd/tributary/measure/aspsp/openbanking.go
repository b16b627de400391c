package aspsp

import "fmt"

var openBanking = Standard{
	Name: "open-banking-uk",
	entry: "version: \"3.1.11\"\naddresses: {api: \"{bank}\"}\nconsent: {model: permissions}\n" +
		"oauth: {kind: openid, issuer: \"{bank}\", response: code}\n",
	prefix: "/open-banking/v3.1/aisp", list: "/open-banking/v3.1/aisp/accounts", from: "fromBookingDateTime", to: "toBookingDateTime",
	row: func(n int, day string) string {
		return fmt.Sprintf(`{"AccountId":"1","TransactionId":"row-%d","Amount":{"Currency":"GBP","Amount":%q},"CreditDebitIndicator":"Debit","Status":"Booked",`+
			`"BookingDateTime":"%sT00:00:00Z","ValueDateTime":"%sT00:00:00Z","TransactionInformation":"CARD SHOP %d","MerchantDetails":{"MerchantName":"Shop %d"},`+
			`"BankTransactionCode":{"Code":"CCRD","SubCode":"POSD"}}`, n, spent(n), day, day, n%40, n%40)
	},
	written: func(rows, next string) string {
		if next != "" {
			next = fmt.Sprintf(`"Next":%q`, next)
		}
		return `{"Data":{"Transaction":[` + rows + `]},"Links":{` + next + `},"Meta":{}}`
	},
	decode: decoded(func(page openBankingPage) int { return len(page.Data.Transaction) }),
	says: map[string]string{
		"GET /.well-known/openid-configuration": `{"issuer":"{bank}","authorization_endpoint":"{bank}/authorize","token_endpoint":"{bank}/token","jwks_uri":"{bank}/keys"}`,
		"GET /keys":                             "its keys",
		"POST /token":                           "",
		"POST /open-banking/v3.1/aisp/account-access-consents": `{"Data":{"ConsentId":"c","Status":"AwaitingAuthorisation","Permissions":["ReadAccountsDetail","ReadBalances",` +
			`"ReadTransactionsCredits","ReadTransactionsDebits","ReadTransactionsDetail"]},"Risk":{},"Links":{},"Meta":{}}`,
		"GET /open-banking/v3.1/aisp/accounts": `{"Data":{"Account":[{"AccountId":"1","Currency":"GBP","AccountType":"Personal","AccountSubType":"CurrentAccount","Nickname":"Busy",` +
			`"Account":[{"SchemeName":"UK.OBIE.IBAN","Identification":"GB29NWBK60161331926819"}]}]},"Links":{},"Meta":{}}`,
		"GET /open-banking/v3.1/aisp/accounts/1/balances": `{"Data":{"Balance":[{"AccountId":"1","Type":"InterimBooked","CreditDebitIndicator":"Credit","DateTime":"2026-01-01T00:00:00Z",` +
			`"Amount":{"Currency":"GBP","Amount":"1.00"}}]},"Links":{},"Meta":{}}`,
	},
	consent: []string{"GET /.well-known/openid-configuration", "POST /token", "POST /account-access-consents", "POST /token", "GET /keys"},
	once:    []string{"GET /accounts/1/balances"},
}

type openBankingPage struct {
	Data struct {
		Transaction []struct {
			Account   string `json:"AccountId"`
			ID        string `json:"TransactionId"`
			Amount    money  `json:"Amount"`
			Indicator string `json:"CreditDebitIndicator"`
			Status    string `json:"Status"`
			Booking   string `json:"BookingDateTime"`
			Value     string `json:"ValueDateTime"`
			Text      string `json:"TransactionInformation"`
			Merchant  struct {
				Name string `json:"MerchantName"`
			} `json:"MerchantDetails"`
			Code struct {
				Code    string `json:"Code"`
				SubCode string `json:"SubCode"`
			} `json:"BankTransactionCode"`
		} `json:"Transaction"`
	} `json:"Data"`
}
