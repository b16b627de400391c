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
	OAuth       OAuth    `yaml:"oauth" enum:"none|integrated|pre-step" doc:"Whether the PSD2 interface wants OAuth 2, with tokens for every call: integrated, a consent is authorised by it; pre-step, a token comes before the consent. Default: none."`
	// Confirmation and Reports are of the PSD2 interface, too.
	Confirmation Confirmation `yaml:"confirmation" enum:"none|returned|shown" doc:"Whether a consent given on the bank's page over the PSD2 interface has to be confirmed with a code, that the browser brings back (returned) or the page shows (shown). Default: none."`
	Reports      Reports      `yaml:"reports" enum:"json|camt|camt053|mt940|download" doc:"How the PSD2 interface tells transactions: json; camt, as camt.052 alone; camt053, as camt.053 of booked rows alone; mt940, of booked rows alone; download, as JSON that is downloaded whole. Cards are told as JSON always. Default: json."`
	Feed         Feed         `yaml:"feed" doc:"How rows are told, for all accounts that do not say otherwise."`
	OpenBanking  OpenBanking  `yaml:"open_banking" doc:"The PSD2 interface of UK Open Banking: in what it deviates."`
	STET         STET         `yaml:"stet" doc:"The PSD2 interface of STET: its consents, and in what it deviates."`
	Language     Language     `yaml:"language" enum:"fr|en" doc:"Language of the web site. Default: what the browser prefers, French before English."`
	Site         Site         `yaml:"site" doc:"The web site for customers."`
}

// OAuth says which tokens the PSD2 interface wants.
type OAuth string

// Kinds of OAuth.
const (
	OAuthNone       OAuth = "none"
	OAuthIntegrated OAuth = "integrated"
	OAuthPreStep    OAuth = "pre-step"
)

// Confirmation says whether a consent has to be confirmed by its third party.
type Confirmation string

// Ways of a confirmation code.
const (
	ConfirmationNone     Confirmation = "none"
	ConfirmationReturned Confirmation = "returned"
	ConfirmationShown    Confirmation = "shown"
)

// Reports says in which form transactions are told.
type Reports string

// Forms of reports.
const (
	ReportsJSON     Reports = "json"
	ReportsCamt     Reports = "camt"
	ReportsCamt053  Reports = "camt053"
	ReportsMT940    Reports = "mt940"
	ReportsDownload Reports = "download"
)

// withDefaults fills what the file left out.
func (b Bank) withDefaults() Bank {
	orText(&b.Name, "Test Bank")
	orText(&b.Timezone, "Europe/Paris")
	orText(&b.OAuth, OAuthNone)
	orText(&b.Confirmation, ConfirmationNone)
	orText(&b.Reports, ReportsJSON)
	b.OpenBanking = b.OpenBanking.withDefaults()
	b.STET = b.STET.withDefaults()
	b.Site = b.Site.withDefaults()
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
