package event

// Kind is what a value of a payload is.
type Kind string

// Kinds of values.
const (
	Word    Kind = "word"
	Count   Kind = "count"
	Instant Kind = "instant"
	Words   Kind = "words"
)

// Field is a value in the data of an event.
type Field struct {
	Name string
	Kind Kind
	// Optional fields are missing where there is nothing to say.
	Optional bool
	Doc      string
	// Example is a value of that kind.
	Example any
}

// Payload is the shape of an event's data under a version. A field may be added
// under the same version; one is taken away or changed only under a new one.
type Payload struct {
	Version int
	// Doc says what happened.
	Doc string
	// User, Connection and Channel say whether the event always names one.
	User, Connection, Channel bool
	Fields                    []Field
}

// Fields that several payloads have.
var (
	run      = Field{"synchronization_id", Word, false, "The run.", "syn_01j9z3k6f8q2v4x6z8b0d2f4h6"}
	count    = Field{"count", Count, false, "How many.", 3}
	byRun    = Field{"synchronization_id", Word, true, "The run that read them.", "syn_01j9z3k6f8q2v4x6z8b0d2f4h6"}
	account  = Field{"account_id", Word, true, "Their account, where something else than a run changed them.", "acc_01j9z3k6f8q2v4x6z8b0d2f4h6"}
	consent  = Field{"consent_id", Word, false, "The consent.", "cst_01j9z3k6f8q2v4x6z8b0d2f4h6"}
	until    = Field{"valid_until", Instant, true, "When it ends; missing where it has no end of its own.", "2026-08-28T12:00:00Z"}
	plugin   = Field{"plugin", Word, false, "The plugin.", "testbank"}
	problem  = Field{"error", Word, true, "Why: a channel's status.", "AUTH_FAILED"}
	hook     = Field{"webhook_id", Word, false, "The webhook.", "whk_01j9z3k6f8q2v4x6z8b0d2f4h6"}
	affected = []Field{
		{"providers", Count, false, "How many providers it serves: by all their channels, or by one where another plugin has the other.", 1},
		{"provider_ids", Words, false, "Their ids, at most 50; GET /v1/providers has all with their health.", []string{"testbank"}},
		{"channel_definition_ids", Words, false, "The channels that it serves, at most 50: others of these providers are not concerned.", []string{"testbank-redirect"}},
	}
)

// payloads has every name: a test sees to it.
var payloads = map[Name]Payload{
	UserCreated:       {1, "A user was created.", true, false, false, nil},
	UserDeleted:       {1, "A user was erased, with everything that belonged to it.", true, false, false, nil},
	UserTokensRevoked: {1, "All tokens of a log-in ended, because one was used by somebody who should not have it.", true, false, false, []Field{{"reason", Word, false, "What was noticed.", "refresh_token_reused"}}},

	ConnectionCreated: {1, "A connection was created; its first synchronization follows.", true, true, false, []Field{{"provider_id", Word, false, "The bank.", "testbank"}}},
	ConnectionUpdated: {1, "A connection's status, name or daily synchronization changed, or one of its channels waits for its user.", true, true, false, []Field{{"status", Word, false, "Its status now.", "FAILED"},
		{"channel_status", Word, true, "Where the channel stands that the event names: it is not read again before the user does something.", "AUTH_FAILED"},
		{"required_action", Word, true, "What the user has to do.", "EDIT_CREDENTIALS"}}},
	ConnectionDeleted: {1, "A connection was deleted, with its accounts.", true, true, false, nil},

	ConsentGiven: {1, "The bank confirmed what a user agreed to.", true, true, true, []Field{consent, until,
		{"replaces", Word, true, "The consent that it renews.", "cst_01j9z3k6f8q2v4x6z8b0d2f4h5"}}},
	ConsentExpiring: {1, "A consent ends soon; its user can renew it in place.", true, true, true, []Field{consent, until,
		{"days", Count, false, "Which notice it is: 30, 14, 7 or 1 days before the end.", 7}}},
	ConsentExpired: {1, "A consent has ended: the bank is not asked any more until its user agrees again.", true, true, true, []Field{consent, until,
		{"by", Word, false, "TIME where its day had come, BANK where the bank said so.", "TIME"}}},
	ConsentRevoked: {1, "A consent was withdrawn: the bank is not asked any more.", true, true, true, []Field{consent, until,
		{"by", Word, false, "Who withdrew it: USER or CLIENT.", "USER"}}},

	SynchronizationStarted: {1, "A run began.", true, true, false, []Field{run,
		{"trigger", Word, false, "Who asked for it: CONNECT, MANUAL or SCHEDULED.", "SCHEDULED"}, {"type", Word, false, "What it reads: ALL or LIST_ACCOUNTS.", "ALL"}}},
	SynchronizationStage: {1, "A run got further.", true, true, false, []Field{run,
		{"stage", Word, false, "Where it is.", "ACCOUNTS"}, {"done", Count, false, "How much of the stage is done.", 1}, {"total", Count, false, "Out of how much; 0 when not known.", 4}}},
	SynchronizationChallengeRequired: {1, "Only the user can go on: GET the connection's challenge.", true, true, true, []Field{run,
		{"challenge_id", Word, false, "What is asked.", "cha_01j9z3k6f8q2v4x6z8b0d2f4h6"}, {"type", Word, false, "Its kind.", "FORM"}, {"expires_at", Instant, false, "Until when it can be answered.", "2026-03-01T12:10:00Z"}}},
	SynchronizationSucceeded: {1, "A run read everything.", true, true, false, []Field{run}},
	SynchronizationPartial:   {1, "A run read some of it.", true, true, false, []Field{run, problem}},
	SynchronizationFailed:    {1, "A run read nothing.", true, true, false, []Field{run, problem}},
	SynchronizationRateLimited: {1, "The bank allows no more for now; the run waits, and goes on by itself.", true, true, false, []Field{run,
		{"retry_at", Instant, false, "When it goes on.", "2026-03-02T08:00:00Z"}}},
	SynchronizationCancelled: {1, "A run was cancelled.", true, true, false, []Field{run}},

	AccountsAdded:   {1, "Accounts were found.", true, true, false, []Field{count, byRun, account}},
	AccountsUpdated: {1, "Accounts say something else than before.", true, true, false, []Field{count, byRun, account}},
	AccountsClosed:  {1, "Accounts were closed at the bank.", true, true, false, []Field{count, byRun, account}},
	AccountsDeleted: {1, "An account was deleted, with its transactions.", true, true, false, []Field{count, byRun, account}},

	TransactionsAdded:    {1, "Transactions came.", true, true, false, []Field{count, byRun, account}},
	TransactionsModified: {1, "Transactions changed.", true, true, false, []Field{count, byRun, account}},
	TransactionsRemoved:  {1, "Transactions went.", true, true, false, []Field{count, byRun, account}},

	ProviderUnavailable: {1, "The plugin of some banks failed too often and was given up for a while.", false, false, false, append([]Field{plugin,
		{"retry_at", Instant, true, "When it is tried again.", "2026-03-01T12:05:00Z"}}, affected...)},
	ProviderAvailable: {1, "The plugin of some banks is back.", false, false, false, append([]Field{plugin}, affected...)},

	WebhookDisabled: {1, "Nothing more is sent to a webhook until its client enables it.", false, false, false, []Field{hook,
		{"reason", Word, false, "GONE where it answered 410, FAILING where it did nothing but fail for five days.", "FAILING"}}},
	QueueEventsLost: {1, "Events that a queue had not acknowledged grew too old and are not kept any more. It is told once; reading the queue is refused with events_gone until something later is acknowledged.", false, false, false, []Field{
		{"queue_id", Word, false, "The queue.", "que_01j9z3k6f8q2v4x6z8b0d2f4h6"}, {"through", Count, false, "The number up to which events are gone; there may be later ones meanwhile.", 1200}}},
	WebhookTest: {1, "A client asked for it. It is sent to the webhook and is in no log.", false, false, false, []Field{hook}},
}

// PayloadOf is the newest shape of an event's data.
func PayloadOf(n Name) Payload { return payloads[n] }
