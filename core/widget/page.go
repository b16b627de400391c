package widget

import "github.com/tributary-dev/tributary/core/ident"

// Page is what the user sees.
type Page string

// Pages.
const (
	// ChooseBank offers the catalogue, Agree the terms and the consent.
	ChooseBank Page = "CHOOSE_BANK"
	Agree      Page = "AGREE"
	// Identify asks for credentials.
	Identify Page = "IDENTIFY"
	// AddChannel asks for what reads the accounts that the first channel does not
	// give; the user may say: not now.
	AddChannel Page = "ADD_CHANNEL"
	// Visit sends the user to the bank, Answer asks what the bank asks.
	Visit  Page = "VISIT"
	Answer Page = "ANSWER"
	// Progress tells how far the first synchronization is.
	Reading Page = "READING"
	// ChooseAccounts offers the accounts that were found.
	ChooseAccounts Page = "CHOOSE_ACCOUNTS"
	// Trouble says what went wrong and what helps.
	Trouble Page = "TROUBLE"
	// Done is a bank that is connected, Over a visit that has ended.
	Done Page = "DONE"
	Over Page = "OVER"
	// Manage shows what is shared, Account one account of it, Accesses each access
	// under one consent; Withdraw asks whether
	// a bank's access is to end.
	Manage   Page = "MANAGE"
	Account  Page = "ACCOUNT"
	Accesses Page = "ACCESSES"
	Withdraw Page = "WITHDRAW"
)

// Pages lists them.
func Pages() []Page {
	return []Page{ChooseBank, Agree, Identify, AddChannel, Visit, Answer, Reading, ChooseAccounts, Trouble, Done, Over, Manage, Account, Accesses, Withdraw}
}

// Asked is what the bank wants from the user now.
type Asked string

// What can be asked.
const (
	AskedNothing Asked = ""
	AskedHere    Asked = "HERE"
	AskedAtBank  Asked = "AT_BANK"
)

// Need is what a connection needs before it goes on.
type Need string

// Needs.
const (
	// NeedNothing is a connection whose accounts were read.
	NeedNothing Need = ""
	// NeedCredentials wants other credentials, NeedSignIn another try with the
	// user there, NeedBank something on the bank's own site.
	NeedCredentials Need = "CREDENTIALS"
	NeedSignIn      Need = "SIGN_IN"
	NeedBank        Need = "BANK"
	// NeedRetry wants another try, now or later; NeedTime nothing but time.
	NeedRetry Need = "RETRY"
	NeedTime  Need = "TIME"
	// NeedAnew is a connection that will never go on.
	NeedAnew Need = "ANEW"
)

// Needs lists them.
func Needs() []Need {
	return []Need{NeedNothing, NeedCredentials, NeedSignIn, NeedBank, NeedRetry, NeedTime, NeedAnew}
}

// Seen is what is known of the connection at work.
type Seen struct {
	Asked   Asked
	Running bool
	Need    Need
	// Offered says that accounts wait for the user's choice.
	Offered bool
	// Entered says that the bank has let the run at work in, Left that the bank has
	// a channel that is not used and gives more of what is wanted. Spare is trouble
	// of a channel that never gave anything, beside one that reads.
	Entered, Left, Spare bool
	// Lapsed is a consent that has ended, and whose words are not those that the
	// user would agree to today; empty where there is none.
	Lapsed ident.Consent
}

// adds reports whether a channel is to be added now: nothing is asked, and the
// channels before it do well.
func (s *Session) adds(seen Seen) bool {
	well := seen.Entered
	if !seen.Running {
		well = seen.Need == NeedNothing
	}
	return s.Progress.Adding && seen.Left && well
}

// Next decides which page a visit is at. It is the only place that does.
func (s *Session) Next(seen Seen) Page {
	p := s.Progress
	mending := p.Mending && !s.adds(seen)
	switch {
	case s.Outcome != nil:
		return Over
	case p.AccountID != "":
		return Account
	case p.Reviewing != "":
		return Accesses
	case p.Ending:
		return Withdraw
	case s.Manages() && p.ConnectionID == "":
		return Manage
	case p.ProviderID == "":
		return ChooseBank
	case p.Renewing != "" || (p.Terms == "" && (p.ConnectionID == "" || mending && seen.Lapsed != "")):
		return Agree
	case p.ConnectionID == "" || mending:
		return Identify
	case seen.Asked == AskedAtBank:
		return Visit
	case seen.Asked == AskedHere:
		return Answer
	case s.adds(seen) && p.Terms == "":
		return Agree
	case s.adds(seen):
		return AddChannel
	case seen.Running:
		return Reading
	case seen.Need == NeedNothing && seen.Offered:
		return ChooseAccounts
	case seen.Need == NeedNothing:
		return Done
	}
	return Trouble
}
