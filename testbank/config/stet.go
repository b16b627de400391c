package config

// STET is how the bank speaks STET. The first word of each kind is the standard's, and the default.
type STET struct {
	Consents   STETConsents   `yaml:"consents" enum:"mixed|full" doc:"mixed: an account has links to its balances and transactions once the third party has told the bank that it may read them (PUT /consents); full: all of them have, and the bank is told nothing. Default: mixed."`
	Path       string         `yaml:"path" doc:"The version in addresses, such as v1.4. Default: v1."`
	Batch      int            `yaml:"batch" min:"1" max:"1000" doc:"Calls that are allowed in any 24 hours of the bank's clock with nobody there, for each account and kind of data, where a persona has no quota. Default: 4."`
	Covered    STETCovered    `yaml:"covered" enum:"complete|least" doc:"What a signature has to cover. complete: the call, X-Request-ID, and of Date, Digest, Content-Type, Content-Length and PSU-* whatever is there; least: the call, X-Request-ID and Digest. Default: complete."`
	Filters    STETFilters    `yaml:"filters" enum:"instants|days" doc:"How dateFrom and dateTo are written. Default: instants."`
	Remittance STETRemittance `yaml:"remittance" enum:"list|object|text" doc:"list: lines of text; object: such a list as unstructured, as later versions have it; text: one text. Default: list."`
	Lines      STETLines      `yaml:"lines" enum:"ordered|moving" doc:"moving: the lines of a text change their order from day to day. Default: ordered."`
	Amounts    STETAmounts    `yaml:"amounts" enum:"unsigned|signed|numbers" doc:"signed: a debit is negative and has its indicator; numbers: without a sign, as numbers of JSON. Default: unsigned."`
	Balances   STETBalances   `yaml:"balances" enum:"apart|inline|four" doc:"inline: in the list of accounts as well; four: CLBD, XPCD, VALU and OTHR, of which XPCD and OTHR are what can be spent. Default: apart."`
	Owed       STETOwed       `yaml:"owed" enum:"negative|positive" doc:"The sign of what is owed on a card. Default: negative."`
	Nothing    STETNothing    `yaml:"nothing" enum:"no_content|empty" doc:"What is answered where there is nothing: 204, or 200 without a body. Default: no_content."`
	Errors     STETErrors     `yaml:"errors" enum:"told|bare" doc:"bare: refusals have no body. Default: told."`
	Media      STETMedia      `yaml:"media" enum:"hal|json" doc:"json: answers call themselves application/json. Default: hal."`
	Refresh    STETRefresh    `yaml:"refresh" enum:"renewed|kept" doc:"kept: the refresh token stays the same as long as the consent, and is not told again. Default: renewed."`
}

// The words of it.
type (
	// STETConsents says what the bank is told.
	STETConsents string
	// STETCovered says what a signature covers.
	STETCovered string
	// STETFilters says how days are asked for.
	STETFilters string
	// STETRemittance says how a text is written.
	STETRemittance string
	// STETLines says whether its lines stay where they are.
	STETLines string
	// STETAmounts says how an amount is written.
	STETAmounts string
	// STETBalances says which balances there are, and where.
	STETBalances string
	// STETOwed says which sign a debt has.
	STETOwed string
	// STETNothing says what nothing looks like.
	STETNothing string
	// STETErrors says what a refusal holds.
	STETErrors string
	// STETMedia says what an answer calls itself.
	STETMedia string
	// STETRefresh says how long a refresh token lives.
	STETRefresh string
)

// All words, the first of each kind being the default.
const (
	STETMixed STETConsents = "mixed"
	STETFull  STETConsents = "full"

	STETComplete STETCovered = "complete"
	STETLeast    STETCovered = "least"

	STETInstants STETFilters = "instants"
	STETDays     STETFilters = "days"

	STETList   STETRemittance = "list"
	STETObject STETRemittance = "object"
	STETText   STETRemittance = "text"

	STETOrdered STETLines = "ordered"
	STETMoving  STETLines = "moving"

	STETUnsigned STETAmounts = "unsigned"
	STETSigned   STETAmounts = "signed"
	STETNumbers  STETAmounts = "numbers"

	STETApart  STETBalances = "apart"
	STETInline STETBalances = "inline"
	STETFour   STETBalances = "four"

	STETNegative STETOwed = "negative"
	STETPositive STETOwed = "positive"

	STETNoContent STETNothing = "no_content"
	STETEmpty     STETNothing = "empty"

	STETTold STETErrors = "told"
	STETBare STETErrors = "bare"

	STETHAL  STETMedia = "hal"
	STETJSON STETMedia = "json"

	STETRenewed STETRefresh = "renewed"
	STETKept    STETRefresh = "kept"
)

func (s STET) withDefaults() STET {
	orText(&s.Consents, STETMixed)
	orText(&s.Path, "v1")
	orNumber(&s.Batch, 4)
	orText(&s.Covered, STETComplete)
	orText(&s.Filters, STETInstants)
	orText(&s.Remittance, STETList)
	orText(&s.Lines, STETOrdered)
	orText(&s.Amounts, STETUnsigned)
	orText(&s.Balances, STETApart)
	orText(&s.Owed, STETNegative)
	orText(&s.Nothing, STETNoContent)
	orText(&s.Errors, STETTold)
	orText(&s.Media, STETHAL)
	orText(&s.Refresh, STETRenewed)
	return s
}
