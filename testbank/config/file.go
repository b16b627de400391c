package config

// File is a whole configuration: one bank, its customers and their accounts.
type File struct {
	Bank     Bank      `yaml:"bank" doc:"The bank itself. Every key has a default."`
	Personas []Persona `yaml:"personas" need:"true" max:"200" doc:"The customers who can log in."`
	Accounts []Account `yaml:"accounts" max:"500" doc:"The accounts, each with its transactions."`
	Timeline []Event   `yaml:"timeline" max:"2000" doc:"What happens on later days."`
	Play     []Step    `yaml:"play" max:"400" doc:"For whoever plays the file through: what an aggregator does on which day, and what it must hold then. The bank itself does nothing with it."`
}

// Bank holds what is common to all customers.
type Bank struct {
	Name        string   `yaml:"name" doc:"Shown on the bank's pages. Default: Test Bank."`
	Seed        int      `yaml:"seed" doc:"Drawn amounts follow from it: the same seed always gives the same rows. Default: 1."`
	Timezone    string   `yaml:"timezone" doc:"IANA name; the banking day changes at midnight there. Default: Europe/Paris."`
	Origin      Day      `yaml:"origin" doc:"The day that 'today' means in this file, as a plain date. Default: the day the bank starts."`
	HistoryDays int      `yaml:"history_days" min:"1" max:"3660" doc:"How many days of transactions the bank shows. Default: 400."`
	PageSize    int      `yaml:"page_size" min:"1" max:"1000" doc:"Transactions on one page of an answer. Default: 100."`
	ConsentDays int      `yaml:"consent_days" min:"1" max:"180" doc:"How long a consent given on the bank's page is valid. Default: 180."`
	TokenLife   Duration `yaml:"token_life" doc:"Life of a session and of an access token, such as 10m. Default: 10m."`
	OAuth       OAuth    `yaml:"oauth" enum:"none|integrated" doc:"Whether a consent over the PSD2 interface is authorised by OAuth 2, with tokens for every call. Default: none."`
	Feed        Feed     `yaml:"feed" doc:"How rows are told, for all accounts that do not say otherwise."`
}

// OAuth says which tokens the PSD2 interface wants.
type OAuth string

// Kinds of OAuth.
const (
	OAuthNone       OAuth = "none"
	OAuthIntegrated OAuth = "integrated"
)

// withDefaults fills what the file left out.
func (b Bank) withDefaults() Bank {
	orText(&b.Name, "Test Bank")
	orText(&b.Timezone, "Europe/Paris")
	orText(&b.OAuth, OAuthNone)
	orNumber(&b.Seed, 1)
	orNumber(&b.HistoryDays, 400)
	orNumber(&b.PageSize, 100)
	orNumber(&b.ConsentDays, 180)
	orNumber(&b.TokenLife, Duration(defaultTokenLife))
	return b
}

func orText[T ~string](field *T, fallback T) {
	if *field == "" {
		*field = fallback
	}
}

func orNumber[N int | Duration](field *N, fallback N) {
	if *field == 0 {
		*field = fallback
	}
}
