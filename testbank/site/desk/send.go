package desk

import (
	"net/http"
	"time"

	"github.com/tributary-dev/tributary/testbank/config"
)

// endless is how long a page that never finishes is waited for at most.
const endless = 10 * time.Minute

// Broken says how a page breaks for a customer, if it does. It breaks for everybody where the switch says so.
func (d *Desk) Broken(login string, page config.SitePage) config.Fault {
	if page == "" {
		return ""
	}
	if b, breaks := d.Bank.Behaviour(login, config.BehaviourBrokenPage); breaks && b.Page == page {
		return b.Fault
	}
	if state := d.Switch.State(); state.Page == page {
		return state.Fault
	}
	return ""
}

// Send writes a page, late for a customer with whom the bank is slow, and broken where it breaks. The page of an error is the
// theme's.
func (d *Desk) Send(w http.ResponseWriter, r *http.Request, v Visit, page config.SitePage, status int, body []byte) {
	if d.Bank.Delay(r.Context(), v.Login) != nil {
		return
	}
	switch fault := d.Broken(v.Login, page); fault {
	case config.FaultCutOff, config.FaultEndless:
		w.WriteHeader(status)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		if fault == config.FaultEndless {
			_ = d.Bank.Pause(r.Context(), endless)
		}
		panic(http.ErrAbortHandler) // the connection ends without the rest
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // a browser that is gone is told nothing
}
