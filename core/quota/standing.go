package quota

import (
	"fmt"
	"time"

	"github.com/tributary-dev/tributary/core/bank"
)

// State is what is left of what a bank allows, in one word.
type State string

// States.
const (
	// Unlimited is that the bank sets no limit.
	Unlimited State = "UNLIMITED"
	Free      State = "FREE"
	// Partly is that there is nothing left of some accounts.
	Partly State = "PARTLY_SPENT"
	Spent  State = "SPENT"
)

// Standing is what is left of what a bank allows with nobody there. Next is when
// more is possible; zero unless something is spent.
type Standing struct {
	State State
	Next  time.Time
}

// Standing tells what is left for a plan.
func (l Ledger) Standing(p Plan) Standing {
	if wait := l.Wait(p); !wait.IsZero() {
		return Standing{Spent, wait}
	}
	s := Standing{State: Unlimited}
	for _, key := range p.keys() {
		if key.unknown() && len(p.Accounts) > 0 {
			continue
		}
		if _, limited := l.Left(key); limited && s.State == Unlimited {
			s.State = Free
		}
		if next := l.NextFree(key, p.Over); !next.IsZero() && (s.Next.IsZero() || next.Before(s.Next)) {
			s = Standing{Partly, next}
		}
	}
	return s
}

// Sentence says it to the user; empty where there is nothing to say.
func (s Standing) Sentence() bank.Text {
	switch s.State {
	case Free:
		return bank.Text{
			"en": "Your bank lets us read your accounts now, also while you are not there.",
			"fr": "Votre banque nous laisse lire vos comptes maintenant, même en votre absence.",
		}
	case Partly:
		return bank.Text{
			"en": "For some of your accounts we have asked as often as your bank allows in a day while you are not there. It answers again " + english(s.Next) + ", or as soon as you are there.",
			"fr": "Pour certains de vos comptes, nous avons interrogé votre banque aussi souvent qu’elle l’accepte par jour en votre absence. Elle répondra de nouveau " + french(s.Next) + ", ou dès que vous serez présent.",
		}
	case Spent:
		return bank.Text{
			"en": "We have asked as often as your bank allows in a day while you are not there. It answers again " + english(s.Next) + ", or as soon as you are there.",
			"fr": "Nous avons interrogé votre banque aussi souvent qu’elle l’accepte par jour en votre absence. Elle répondra de nouveau " + french(s.Next) + ", ou dès que vous serez présent.",
		}
	}
	return nil
}

// minute is the first whole minute that is not before a time: who comes then is
// not too early.
func minute(t time.Time) time.Time {
	return t.UTC().Add(time.Minute - time.Nanosecond).Truncate(time.Minute)
}

func english(t time.Time) string { return minute(t).Format("on 2 January 2006 at 15:04 UTC") }

var months = [...]string{
	"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
}

func french(t time.Time) string {
	t = minute(t)
	day := fmt.Sprint(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return fmt.Sprintf("le %s %s %d à %02d:%02d UTC", day, months[t.Month()-1], t.Year(), t.Hour(), t.Minute())
}
