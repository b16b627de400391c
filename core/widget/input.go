package widget

import (
	"slices"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Input is what a user does on a page.
type Input string

// Inputs.
const (
	Choose  Input = "choose"
	Accept  Input = "accept"
	Back    Input = "back"
	Connect Input = "connect"
	// Widen wants to add a channel; Skip says: not now.
	Widen Input = "widen"
	Skip  Input = "skip"
	// Reply answers what the bank asks, Resend has it sent again.
	Reply  Input = "reply"
	Resend Input = "resend"
	// Share keeps the accounts that are chosen.
	Share Input = "share"
	// Mend wants to type credentials anew, Again to try again.
	Mend  Input = "mend"
	Again Input = "again"
	// Another bank is to be connected too; Instead, this one is given up for another.
	Another Input = "another"
	Instead Input = "instead"
	// Inspect looks at one account, which Rename names and Remove takes away.
	Inspect Input = "inspect"
	Rename  Input = "rename"
	Remove  Input = "remove"
	// Review looks at what was read under a consent.
	Review Input = "review"
	// Resume goes on with a connection, Find looks for other accounts of it, Extend
	// has one of its consents given anew.
	Resume Input = "resume"
	Find   Input = "find"
	Extend Input = "extend"
	// End asks whether a connection's access is to end, which Revoke does, and Erase
	// with all that was read. Overview leads back to what is shared.
	End      Input = "end"
	Revoke   Input = "revoke"
	Erase    Input = "erase"
	Overview Input = "overview"
	// Finish ends the visit with what there is, Leave without.
	Finish Input = "finish"
	Leave  Input = "leave"
)

// Inputs lists them.
func Inputs() []Input {
	return []Input{Choose, Accept, Back, Connect, Widen, Skip, Reply, Resend, Share, Mend, Again, Another, Instead,
		Inspect, Rename, Remove, Review, Resume, Find, Extend, End, Revoke, Erase, Overview, Finish, Leave}
}

// taken is what each page takes.
var taken = map[Page][]Input{
	ChooseBank:     {Choose, Leave},
	Agree:          {Accept, Back, Leave},
	Identify:       {Connect, Widen, Back, Leave},
	AddChannel:     {Connect, Skip, Leave},
	Visit:          {Leave},
	Answer:         {Reply, Resend, Leave},
	Reading:        {Overview, Finish, Leave},
	ChooseAccounts: {Share, Overview, Leave},
	Trouble:        {Mend, Again, Skip, Instead, Overview, Finish, Leave},
	Done:           {Widen, Another, Overview, Finish},
	Over:           {},
	Manage:         {Inspect, Review, Resume, Widen, Find, Extend, End, Finish},
	Account:        {Rename, Remove, Back},
	Accesses:       {Back},
	Withdraw:       {Revoke, Erase, Back},
}

// cures are the ways on from trouble, the one to offer first before the others.
// To end the visit, or to take another bank, is always one.
var cures = map[Need][]Input{
	NeedCredentials: {Mend},
	NeedSignIn:      {Again},
	NeedBank:        {Again},
	NeedRetry:       {Again},
	NeedTime:        {Finish},
	NeedAnew:        {Instead},
}

// Takes reports whether a page takes an input, as far as it depends on the
// session and what is seen.
func (s *Session) Takes(input Input, seen Seen) bool {
	page := s.Next(seen)
	if !slices.Contains(taken[page], input) {
		return false
	}
	switch {
	case input == Back:
		return s.Manages() || s.Progress.undoes() || page == Identify || s.chooses()
	case input == Widen:
		return page == Manage || s.widens(page, seen)
	case page == Trouble && input == Skip:
		return seen.Spare
	case input == Overview:
		return s.Manages()
	case input == Instead || input == Another:
		return s.chooses()
	case page == Trouble && (input == Mend || input == Again):
		return slices.Contains(cures[seen.Need], input)
	case page == Reading && input == Finish:
		return !s.Order.Captive
	}
	return true
}

// widens reports whether a page offers a channel more: only where all is well.
func (s *Session) widens(page Page, seen Seen) bool {
	well := seen.Left && !seen.Running && seen.Asked == AskedNothing && seen.Need == NeedNothing
	return well && (page == Done || s.Entry == EditCredentials)
}

// undoes reports whether the visit is on a way of its own at a connection that
// there is, which can be left again.
func (p Progress) undoes() bool { return p.Mending || p.Adding || p.Renewing != "" }

// Cure is what to offer first in trouble.
func (s *Session) Cure(seen Seen) Input {
	for _, input := range cures[seen.Need] {
		if s.Takes(input, seen) {
			return input
		}
	}
	return Finish
}

// chooses reports whether the user may choose the bank.
func (s *Session) chooses() bool { return s.Order.ProviderID == "" && !s.Manages() }

// Given is what comes with an input.
type Given struct {
	// ProviderID comes with Choose, Terms with Accept, Connection with Connect
	// where one was made.
	ProviderID string
	Terms      string
	Connection ident.Connection
	// Account comes with Inspect, Consent with Review and Extend; Connection and ProviderID with
	// whatever begins to work at one that there is.
	Account ident.Account
	Consent ident.Consent
	// Gone says that the connection at work went with who left.
	Gone bool
	// Anew says that the consent which is renewed needs credentials anew.
	Anew bool
	// Status is where the connection at work stands, for the outcome.
	Status string
}

// Take does what an input means for the visit, or fails with ErrMoved where its
// page does not take it.
func (s *Session) Take(input Input, given Given, seen Seen, now time.Time) error {
	if s.Over(now) || !s.Takes(input, seen) {
		return ErrMoved
	}
	p := &s.Progress
	switch input {
	case Choose:
		s.choose(given.ProviderID)
	case Accept:
		p.Own = p.Own || s.Manages() && p.Renewing != ""
		p.Terms, p.Mending, p.Renewing = given.Terms, p.Mending || given.Anew, ""
	case Back:
		s.back(seen)
	case Connect:
		fresh := p.ConnectionID == ""
		if fresh {
			p.ConnectionID, p.Made = given.Connection, append(p.Made, given.Connection)
		}
		p.Own = p.Own || fresh || s.Next(seen) == AddChannel
		p.Mending, p.Adding = false, fresh
	case Mend:
		p.Mending = true
	case Again:
		p.Renewing = seen.Lapsed // the words come first
	case Widen:
		s.widen(given)
	case Skip:
		s.skip()
	case Another, Instead:
		s.choose(s.Order.ProviderID)
	case Inspect, Rename, Remove, Review, Resume, Find, Extend, End, Revoke, Erase, Overview:
		s.manage(input, given)
	case Finish:
		s.end(Outcome{Result: ResultOf(seen), ConnectionID: s.at(), Status: given.Status, At: now})
	case Leave:
		step := s.Next(seen)
		if given.Gone {
			p.Made = slices.DeleteFunc(slices.Clone(p.Made), func(id ident.Connection) bool { return id == p.ConnectionID })
			p.ConnectionID, given.Status = "", ""
		}
		s.end(Outcome{Result: Cancelled, ConnectionID: s.at(), Status: given.Status, Step: step, At: now})
	case Reply, Resend, Share: // the connection takes those
	}
	return nil
}

func (s *Session) choose(provider string) {
	s.Progress = Progress{ProviderID: provider, Made: s.Progress.Made}
}

// back undoes the last decision that can be undone.
func (s *Session) back(seen Seen) {
	switch p := &s.Progress; {
	case p.Renewing != "" && !s.Manages():
		p.Renewing = ""
	case s.adds(seen):
		s.skip()
	case p.AccountID != "" || p.Reviewing != "" || p.Ending || p.Renewing != "":
		s.overview()
	case p.Mending:
		p.Mending = false
	case p.Terms != "":
		p.Terms = ""
	default:
		p.ProviderID = ""
	}
}

func (s *Session) end(o Outcome) { s.Outcome = &o }
