package widget

import (
	"maps"
	"net/url"
	"time"

	"github.com/tributary-dev/tributary/core/ident"
)

// Result is what became of a visit.
type Result string

// Results.
const (
	// Success is a bank whose accounts were read, Pending one that is being read,
	// Failure one that was not.
	Success Result = "success"
	Pending Result = "pending"
	Failure Result = "failure"
	// Cancelled is a visit that the user left.
	Cancelled Result = "cancelled"
)

// Results lists them.
func Results() []Result { return []Result{Success, Pending, Failure, Cancelled} }

// Outcome is how a visit ended.
type Outcome struct {
	Result Result
	// ConnectionID is the last connection, and Status where it stood.
	ConnectionID ident.Connection
	Status       string
	// Step is the page at which the user left.
	Step Page
	At   time.Time
}

// ResultOf is how a visit ends that is finished where a connection stands so.
func ResultOf(seen Seen) Result {
	switch {
	case seen.Running:
		return Pending
	case seen.Need == NeedNothing:
		return Success
	}
	return Failure
}

// Destination is where the browser goes when a visit has ended; empty where the
// client named no address. Only what the client knows is put into it.
func (s *Session) Destination() string {
	if s.Outcome == nil {
		return ""
	}
	address := s.Order.RedirectURL
	if s.Outcome.Result == Cancelled && s.Order.CancelURL != "" {
		address = s.Order.CancelURL
	}
	target, err := url.Parse(address)
	if err != nil || address == "" {
		return ""
	}
	query := target.Query()
	for name, value := range s.told() {
		query.Del(name)
		if value != "" {
			query.Set(name, value)
		}
	}
	target.RawQuery = query.Encode()
	return target.String()
}

// App reports whether Destination opens an app: then the browser stays where it is.
func (s *Session) App() bool {
	to, err := url.Parse(s.Destination())
	return err == nil && to.Scheme != "" && to.Scheme != "https" && to.Scheme != "http"
}

// Told is what the client is told of a visit that is over, by name.
func (s *Session) Told() map[string]string {
	told := s.told()
	maps.DeleteFunc(told, func(_, value string) bool { return value == "" })
	return told
}

// told has an empty value where there is nothing to tell.
func (s *Session) told() map[string]string {
	o := s.Outcome
	if o == nil {
		o = &Outcome{ConnectionID: s.Progress.ConnectionID}
	}
	told := map[string]string{"state": s.Order.State, "connection_id": string(o.ConnectionID), "status": o.Status, "result": "", "error": "", "step": ""}
	switch {
	case s.Outcome == nil:
		told["error"] = Expired
	case o.Result == Cancelled:
		told["error"], told["step"] = string(o.Result), string(o.Step)
	default:
		told["result"] = string(o.Result)
	}
	return told
}

// Expired is the error of a visit that ended by itself.
const Expired = "expired"
