package visiting

import (
	"github.com/tributary-dev/tributary/core/connection"
	"github.com/tributary-dev/tributary/core/widget"
	"github.com/tributary-dev/tributary/ports/usecase"
)

// needs says what an action means for a visit.
var needs = map[connection.Action]widget.Need{
	connection.ActionEditCredentials: widget.NeedCredentials,
	connection.ActionReauthenticate:  widget.NeedSignIn,
	connection.ActionAnswerChallenge: widget.NeedSignIn, // what was asked is over
	connection.ActionVisitBank:       widget.NeedBank,
	connection.ActionWait:            widget.NeedTime,
	connection.ActionSynchronize:     widget.NeedRetry,
	connection.ActionContactSupport:  widget.NeedRetry,
	connection.ActionNone:            widget.NeedAnew, // closed, or nothing to read
}

// see turns where a connection stands into what matters for the pages, with the
// advice that comes first. A connection that is gone needs to be made anew.
func see(d usecase.Diagnosis) (seen widget.Seen, first connection.Advice) {
	if d.Connection == nil {
		return widget.Seen{Need: widget.NeedAnew}, connection.Advice{}
	}
	first = foremost(d)
	switch status := d.Connection.Status; {
	case d.Asked != nil && d.Asked.Type == connection.Redirect:
		seen.Asked = widget.AskedAtBank
	case d.Asked != nil:
		seen.Asked = widget.AskedHere
	case status == connection.Running:
		seen.Running = true
	case status == connection.Success || status == connection.Partial:
		seen.Need = widget.NeedNothing
	default:
		seen.Need = needs[first.Action]
	}
	seen.Offered = len(d.Offered) > 0
	return seen, first
}

// foremost is the advice of the channel that needs somebody first: what the user
// can do comes before what others do.
func foremost(d usecase.Diagnosis) connection.Advice {
	var all []connection.Advice
	for _, channel := range d.Connection.Channels {
		all = append(all, d.Connection.Advise(channel, d.Asked))
	}
	turn := connection.First(all)
	for _, advice := range all {
		if advice.Turn == turn {
			return advice
		}
	}
	return connection.Advice{}
}
