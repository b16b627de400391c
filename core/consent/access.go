package consent

// Operation is what was asked of a bank.
type Operation string

// Operations.
const (
	Begin    Operation = "BEGIN"
	Continue Operation = "CONTINUE"
	// Poll asks how a challenge stands, Resend has it sent again.
	Poll    Operation = "POLL"
	Resend  Operation = "RESEND"
	Refresh Operation = "REFRESH"
	Fetch   Operation = "FETCH"
	// End closes a session; Revoke ends the consent itself.
	End    Operation = "END"
	Revoke Operation = "REVOKE"
)

// Operations lists them.
func Operations() []Operation {
	return []Operation{Begin, Continue, Poll, Resend, Refresh, Fetch, End, Revoke}
}
