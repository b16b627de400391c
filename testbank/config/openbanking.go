package config

// OpenBanking is how the bank speaks UK Open Banking. The first word of each kind is the standard's, and the default.
type OpenBanking struct {
	Errors       OBErrors       `yaml:"errors" enum:"told|bare" doc:"bare: refusals have no body. Default: told."`
	Interactions OBInteractions `yaml:"interactions" enum:"uuid|any" doc:"What x-fapi-interaction-id may be: a UUID, or any text. Default: uuid."`
	NotBefore    OBNotBefore    `yaml:"not_before" enum:"optional|demanded" doc:"demanded: a request object has to have nbf, as FAPI 1.0 Advanced has it; UK Open Banking's own text does not name it. Default: optional."`
	IDTokens     OBIDTokens     `yaml:"id_tokens" enum:"PS256|RS256" doc:"What id tokens are signed with. Default: PS256."`
	Zones        OBZones        `yaml:"zones" enum:"ignored|refused" doc:"refused: 400 where a filter of transactions has a time zone, which the standard has banks ignore. Default: ignored."`
	Span         OBSpan         `yaml:"span" enum:"any|half_year" doc:"half_year: 400 where transactions of more than six months are asked for at once. Default: any."`
	Expiry       OBExpiry       `yaml:"expiry" enum:"any|quarter|demanded" doc:"quarter: 400 where a consent is to expire after more than 90 days; demanded: 400 where it is not to expire at all, as well. Default: any."`
	Nothing      OBNothing      `yaml:"nothing" enum:"listed|empty" doc:"empty: 200 without a body where there are no transactions. Default: listed."`
	Links        OBLinks        `yaml:"links" enum:"plain|null|lost|round" doc:"null: links begin with null/; lost: the next page has lost the account; round: after the last page comes the last page. Default: plain."`
	Owed         OBOwed         `yaml:"owed" enum:"negative|positive" doc:"The sign of what is owed on a card. Default: negative."`
	PendingDates OBPendingDates `yaml:"pending_dates" enum:"purchase|latest" doc:"The booking date of a row that is not booked yet: the day of the purchase, or the last one on which it may be booked, which is ten days later. Default: purchase."`
	Refresh      OBRefresh      `yaml:"refresh" enum:"renewed|lost" doc:"lost: each second refresh is answered with 500, and the refresh token is dead all the same. Default: renewed."`
	ClosesAfter  Duration       `yaml:"closes_after" doc:"How long after the customer was there, by the bank's clock, parties and transactions older than 90 days may be read, such as 5m. Default: always."`
	AgreeAgain   int            `yaml:"agree_again" min:"1" max:"365" doc:"After how many days of the bank's clock the customer has to agree once more. Default: never, because that is the third party's business."`
}

// The words of it.
type (
	// OBErrors says what a refusal holds.
	OBErrors string
	// OBInteractions says what the id of a call may be.
	OBInteractions string
	// OBNotBefore says whether request objects have a beginning.
	OBNotBefore string
	// OBIDTokens says what id tokens are signed with.
	OBIDTokens string
	// OBZones says what becomes of time zones in filters.
	OBZones string
	// OBSpan says how much may be asked for at once.
	OBSpan string
	// OBExpiry says how long a consent may be asked for.
	OBExpiry string
	// OBNothing says what nothing looks like.
	OBNothing string
	// OBLinks says where the next page is.
	OBLinks string
	// OBOwed says which sign a debt has.
	OBOwed string
	// OBPendingDates says which day a row has that is not booked.
	OBPendingDates string
	// OBRefresh says what becomes of refresh tokens.
	OBRefresh string
)

// All words, the first of each kind being the default.
const (
	OBErrorsTold OBErrors = "told"
	OBErrorsBare OBErrors = "bare"

	OBInteractionsUUID OBInteractions = "uuid"
	OBInteractionsAny  OBInteractions = "any"

	OBNotBeforeOptional OBNotBefore = "optional"
	OBNotBeforeDemanded OBNotBefore = "demanded"

	OBIDTokensPS256 OBIDTokens = "PS256"
	OBIDTokensRS256 OBIDTokens = "RS256"

	OBZonesIgnored OBZones = "ignored"
	OBZonesRefused OBZones = "refused"

	OBSpanAny      OBSpan = "any"
	OBSpanHalfYear OBSpan = "half_year"

	OBExpiryAny     OBExpiry = "any"
	OBExpiryQuarter OBExpiry = "quarter"
	// OBExpiryDemanded is a quarter at most, and not without an end.
	OBExpiryDemanded OBExpiry = "demanded"

	OBNothingListed OBNothing = "listed"
	OBNothingEmpty  OBNothing = "empty"

	OBLinksPlain OBLinks = "plain"
	OBLinksNull  OBLinks = "null"
	OBLinksLost  OBLinks = "lost"
	OBLinksRound OBLinks = "round"

	OBOwedNegative OBOwed = "negative"
	OBOwedPositive OBOwed = "positive"

	OBPendingPurchase OBPendingDates = "purchase"
	OBPendingLatest   OBPendingDates = "latest"

	OBRefreshRenewed OBRefresh = "renewed"
	OBRefreshLost    OBRefresh = "lost"
)

func (o OpenBanking) withDefaults() OpenBanking {
	orText(&o.Errors, OBErrorsTold)
	orText(&o.Interactions, OBInteractionsUUID)
	orText(&o.NotBefore, OBNotBeforeOptional)
	orText(&o.IDTokens, OBIDTokensPS256)
	orText(&o.Zones, OBZonesIgnored)
	orText(&o.Span, OBSpanAny)
	orText(&o.Expiry, OBExpiryAny)
	orText(&o.Nothing, OBNothingListed)
	orText(&o.Links, OBLinksPlain)
	orText(&o.Owed, OBOwedNegative)
	orText(&o.PendingDates, OBPendingPurchase)
	orText(&o.Refresh, OBRefreshRenewed)
	return o
}
