package point

import "slices"

// messages are what goes to and comes from a plugin; the items of a stream too.
var messages = []string{
	"Begin", "Continue", "Refresh", "Fetch", "Account", "Balances", "Rows", "Done", "Progress", "Used", "End",
}

// records are what a transaction writes that others wait for; Enqueue is the job
// of a run that nobody held.
var records = []string{"Append", "Run", "Challenge", "Wake", "Enqueue"}

// transactions are those of the worker and of the API, by the function that
// wants each.
var transactions = []string{
	"synchronizing.claim", "synchronizing.make", "synchronizing.stage", "synchronizing.ready", "synchronizing.ask", "synchronizing.apply", "synchronizing.enterOlder",
	"synchronizing.conclude", "synchronizing.lose",
	"synchronizing.extend", "synchronizing.wait", "synchronizing.Start", "synchronizing.Cancel",
	"connecting.CreateAlong", "connecting.Answer", "connecting.Return", "connecting.Delete", "correcting.update", "keeping.Delete",
	"enrolling.Create", "enrolling.Delete", "rehearsing.Move", "repeating.Begin", "repeating.Finish", "delivering.Ack", "oauth.settle",
	"synchronizing.note",
}

// rare are transactions that not every world comes to soon.
var rare = []string{
	"scheduling.take", "synchronizing.deepen", "synchronizing.settleFailed", "synchronizing.Withdraw", "synchronizing.depart", "synchronizing.told",
}

// unused are passed too seldom to wait for: at the start of a server or of a
// world, where a call is refused, nobody answers, or a session or bank is lost.
var unused = []string{
	"oauth.Sweep", "delivering.Create", "repeating.Abandon", "scheduling.replan", "scheduling.change",
	"catalogue.tell", "consenting.within", "consenting.one", "consenting.Forget", "consenting.Close", "synchronizing.Forget", "delivering.lend", "delivering.Return",
	"notifying.sweep", "notifying.claim", "notifying.store", "notifying.update", "notifying.Create", "notifying.Delete", "notifying.Replay",
	"forgetting.forget", "synchronizing.restart", "synchronizing.handOver", "synchronizing.expire", "synchronizing.letGo",
	"visiting.Create", "visiting.Open", "visiting.change", "visiting.Sweep", "visiting.settle", "visiting.abandon", "keeping.choose",
	"connecting.ReplaceAlong", "connecting.GiveUp", "synchronizing.Find",
}

// Names are the points at which a server is killed. One that nothing reaches any
// more is a mistake here, and so is one that is reached and not named.
func Names() []string { return append(Common(), thrice(rare)...) }

// Common are those of Names that every world comes to soon.
func Common() (all []string) {
	for _, what := range slices.Concat(messages, records) {
		all = append(all, what+"/before", what+"/after")
	}
	return append(append(all, thrice(transactions)...), "Job/taken", "Job/through")
}

// Unused are points that are known, and at which nobody is killed.
func Unused() []string { return thrice(unused) }

func thrice(names []string) (all []string) {
	for _, what := range names {
		all = append(all, what+"/before", what+"/within", what+"/after")
	}
	return all
}
