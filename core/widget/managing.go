package widget

import "github.com/tributary-dev/tributary/core/ident"

// Manages reports whether the visit is about what the user shares already.
func (s *Session) Manages() bool { return s.Entry == ManageAccounts }

// manage does what an input means on the pages that show what is shared.
func (s *Session) manage(input Input, given Given) {
	p := &s.Progress
	switch input {
	case Inspect:
		p.AccountID = given.Account
	case Review:
		p.Reviewing = given.Consent
	case Resume:
		s.work(given)
	case Find:
		s.work(given)
		p.Own = true
	case Extend:
		s.work(given)
		p.Renewing = given.Consent
	case End:
		s.work(given)
		p.Ending = true
	default:
		s.overview()
	}
}

// widen has the user asked for one more channel of a connection: of the one that
// a page shows among others, or of the one at work.
func (s *Session) widen(given Given) {
	if s.Manages() && s.Progress.ConnectionID == "" {
		s.work(given)
	}
	s.Progress.Adding = true
}

// skip gives up to add a channel.
func (s *Session) skip() {
	s.Progress.Adding = false
	if s.Manages() {
		s.overview()
	}
}

// overview leads back to all that is shared.
func (s *Session) overview() { s.Progress = Progress{Made: s.Progress.Made} }

// work begins at a connection that there is.
func (s *Session) work(given Given) {
	s.Progress = Progress{ProviderID: given.ProviderID, ConnectionID: given.Connection, Made: s.Progress.Made}
}

// at is the connection at work, or else the one that the visit is about.
func (s *Session) at() ident.Connection {
	if s.Progress.ConnectionID == "" {
		return s.Order.ConnectionID
	}
	return s.Progress.ConnectionID
}
