package life

// Moving is a visit in which the user connects anew and moves the accounts there.
const Moving Kind = "accounts move"

// How many visits a user stays before the accounts move, and afterwards.
const (
	staysBefore = 30
	staysAfter  = 40
)

// move lets some users connect anew, once: to the same channels, or, where they
// have one, to the other one. The bank takes it for another consent. They do so
// in a quiet hour: nothing fails in that visit, nor in the one before.
func (l *Life) move() {
	d := newDraw(l.Seed, 17)
	if !d.chance(350) {
		return
	}
	var quiet []int
	for i := staysBefore; i < len(l.Visits)-staysAfter; i++ {
		if l.quiet(i-1) && l.quiet(i) && !l.dressesBetween(i-1, i) {
			quiet = append(quiet, i)
		}
	}
	if len(quiet) == 0 {
		return
	}
	l.Move = pick(d, quiet...)
	l.Visits[l.Move].Kind, l.Visits[l.Move].Present = Moving, true
	for i := l.Move; i < len(l.Visits); i++ {
		l.Visits[i].Consent += 500
	}
	if len(l.Channels) == 1 && d.chance(500) {
		l.Onward = Redirect
		if l.Channels[0] == Redirect {
			l.Onward = Embedded
		}
	}
}

func (l *Life) quiet(visit int) bool {
	return l.Visits[visit].Kind == Everyday && l.Visits[visit].Fault.Kind == NoFault
}

// dressesBetween reports whether an account looks different from one visit to
// another: what has another IBAN cannot be moved.
func (l *Life) dressesBetween(from, to int) bool {
	for _, a := range l.Accounts {
		for _, face := range a.Faces {
			if face.From.After(l.Visits[from].At) && !face.From.After(l.Visits[to].At) {
				return true
			}
		}
	}
	return false
}

// Moved reports whether the accounts have moved by a visit.
func (l *Life) Moved(visit int) bool { return l.Move >= 0 && visit >= l.Move }

// ChannelsAt are those of the connection that a visit reads.
func (l *Life) ChannelsAt(visit int) []string {
	if l.Moved(visit) && l.Onward != "" {
		return []string{l.Onward}
	}
	return l.Channels
}

// known is the channel by which accounts know theirs, whichever came to take its place.
func (l *Life) known(channel string, visit int) string {
	switch {
	case !l.Moved(visit) || l.Onward == "":
		return channel
	case channel == l.Onward:
		return l.Channels[0]
	}
	return ""
}
