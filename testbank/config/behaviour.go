package config

// BehaviourKind names something that goes differently.
type BehaviourKind string

// The behaviours a persona can have.
const (
	BehaviourSlow            BehaviourKind = "slow"
	BehaviourWrongPassword   BehaviourKind = "wrong_password"
	BehaviourLocked          BehaviourKind = "locked"
	BehaviourPasswordChange  BehaviourKind = "password_change"
	BehaviourTerms           BehaviourKind = "terms"
	BehaviourQuota           BehaviourKind = "quota"
	BehaviourDown            BehaviourKind = "down"
	BehaviourConsentLifetime BehaviourKind = "consent_lifetime"
	BehaviourHostile         BehaviourKind = "hostile"
	BehaviourBotWall         BehaviourKind = "bot_wall"
	BehaviourBrokenPage      BehaviourKind = "broken_page"
)

// SitePage is a page of the web site that can break.
type SitePage string

// The pages, by what they are for.
const (
	PageLogIn        SitePage = "log_in"
	PageChallenge    SitePage = "challenge"
	PageAccounts     SitePage = "accounts"
	PageTransactions SitePage = "transactions"
	PageDownload     SitePage = "download"
)

// Fault is how a page of the web site breaks.
type Fault string

// The faults.
const (
	FaultError   Fault = "error"
	FaultCutOff  Fault = "cut_off"
	FaultEndless Fault = "endless"
)

// SitePages and Faults are all of them.
var (
	SitePages = []SitePage{PageLogIn, PageChallenge, PageAccounts, PageTransactions, PageDownload}
	Faults    = []Fault{FaultError, FaultCutOff, FaultEndless}
)

// Place is which answers of the PSD2 interface are hostile.
type Place string

// Hostility is what stands in the place of an answer.
type Hostility string

// What a hostile bank answers.
const (
	HostileHTML     Hostility = "html"
	HostileBroken   Hostility = "broken"
	HostileEmpty    Hostility = "empty"
	HostileNulls    Hostility = "nulls"
	HostileNumber   Hostility = "number"
	HostileIDs      Hostility = "ids"
	HostileEndless  Hostility = "endless"
	HostileRound    Hostility = "round"
	HostileHost     Hostility = "host"
	HostileRedirect Hostility = "redirect"
	HostileError    Hostility = "error"
)

// Behaviour is one thing that goes differently for a persona.
type Behaviour struct {
	Kind BehaviourKind `yaml:"kind" need:"true" enum:"slow|wrong_password|locked|password_change|terms|quota|down|consent_lifetime|hostile|bot_wall|broken_page" doc:"slow: every answer comes late; wrong_password: the password is always refused; locked: the log-in is locked; password_change: a new password has to be chosen at the bank first; terms: new terms have to be accepted at the bank first; quota: calls with nobody there are limited; down: the bank answers 503; consent_lifetime: a consent ends sooner; hostile: some answers of the PSD2 interface are not what they should be; bot_wall: the web site takes the customer for a machine; broken_page: a page of the web site does not arrive as it should."`

	Delay               Duration `yaml:"delay" doc:"How late each answer comes, such as 2s; at most 5m. Only for slow, which needs it."`
	AfterWrongPasswords int      `yaml:"after_wrong_passwords" min:"1" max:"10" doc:"Locked once so many wrong passwords came in a row; without it locked from the beginning. Only for locked."`
	Calls               int      `yaml:"calls" min:"0" max:"1000" doc:"Calls that are allowed in any 24 hours of the bank's clock with nobody there, for each account and kind of data. Only for quota, which needs it."`
	Reason              string   `yaml:"reason" doc:"The bank's words when nothing is left, in any language. Only for quota."`
	From                Minute   `yaml:"from" doc:"When the bank goes down each day, such as 22:00, in its time zone; without it the bank is always down. Only for down, together with until."`
	Until               Minute   `yaml:"until" doc:"When it is back, such as 06:30; may be on the next day. Only for down, together with from."`
	Days                int      `yaml:"days" min:"1" max:"180" doc:"For how many days of the bank's clock a consent is valid, instead of consent_days. Only for consent_lifetime, which needs it."`

	Where  Place     `yaml:"where" enum:"accounts|balances|transactions|token" doc:"Which answers. Only for hostile, which needs it."`
	Answer Hostility `yaml:"answer" enum:"html|broken|empty|nulls|number|ids|endless|round|host|redirect|error" doc:"html: a page for browsers; broken: JSON that ends in the middle; empty: 200 and nothing; nulls: null wherever the standard lets something be missing; number: amounts such as 1e400; ids: ids of 10 kB; endless: each page has a next one, with nothing new; round: the next page is this one; host: the next page is on another host; redirect: to another host; error: 200 with an error. Only for hostile, which needs it."`
	Since  Day       `yaml:"since" doc:"The first day of it; without it always. Only for hostile."`

	Page  SitePage `yaml:"page" enum:"log_in|challenge|accounts|transactions|download" doc:"Which page, once the bank knows whose it is: log_in is the answer to the log-in. Only for broken_page, which needs it."`
	Fault Fault    `yaml:"fault" enum:"error|cut_off|endless" doc:"error: 500 in the place of the page; cut_off: it breaks off in the middle; endless: it begins and never finishes. Only for broken_page, which needs it."`
}

// Behaviour gives the persona's behaviour of that kind, and whether there is one.
func (p Persona) Behaviour(kind BehaviourKind) (Behaviour, bool) {
	for _, b := range p.Behaviours {
		if b.Kind == kind {
			return b, true
		}
	}
	return Behaviour{}, false
}
