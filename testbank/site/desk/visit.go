package desk

import (
	"crypto/rand"
	"net/http"
	"slices"
	"time"

	"github.com/tributary-dev/tributary/testbank/bank"
)

// Visit is one browser at the web site.
type Visit struct {
	// ID is the cookie's value, Token that of forms which post back the same one.
	ID, Token string
	// Login is what was typed in the first step, Session the bank's session from the second one on.
	Login, Session string
	// Keys is what stands on each key of the keypad that was shown last.
	Keys string

	tokens []string
	seen   time.Time
}

const (
	visitLife = time.Hour
	maxVisits = 5000
	maxTokens = 40
	deviceAge = 365 * 24 * time.Hour
)

// device names the cookie of a trusted device.
const device = "device"

// Visit gives the visit of a request, or begins one.
func (d *Desk) Visit(w http.ResponseWriter, r *http.Request) Visit {
	if cookie, err := r.Cookie(d.cookie); err == nil {
		if v, known := d.known(cookie.Value); known {
			return v
		}
	}
	return d.begin(w, r, Visit{})
}

func (d *Desk) known(id string) (Visit, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v, known := d.visits[id]
	now := d.Bank.Real()
	if !known || now.Sub(v.seen) > visitLife {
		return Visit{}, false
	}
	v.seen = now
	d.visits[id] = v
	return v, true
}

// begin gives a visit a name of its own and its cookie.
func (d *Desk) begin(w http.ResponseWriter, r *http.Request, v Visit) Visit {
	v.ID, v.Token, v.seen = rand.Text(), rand.Text(), d.Bank.Real()
	d.mu.Lock()
	d.sweep(v.seen)
	d.visits[v.ID] = v
	d.mu.Unlock()
	d.bake(w, r, http.Cookie{Name: d.cookie, Value: v.ID})
	return v
}

// sweep forgets visits that are over; where there are too many, the one that was quiet for longest.
func (d *Desk) sweep(now time.Time) {
	oldest, at := "", now
	for id, v := range d.visits {
		if now.Sub(v.seen) > visitLife {
			delete(d.visits, id)
		} else if v.seen.Before(at) {
			oldest, at = id, v.seen
		}
	}
	if len(d.visits) >= maxVisits {
		delete(d.visits, oldest)
	}
}

// bake sets a cookie for the theme's pages alone.
func (d *Desk) bake(w http.ResponseWriter, r *http.Request, c http.Cookie) {
	c.Path, c.HttpOnly, c.SameSite, c.Secure = d.Root(r), true, http.SameSiteLaxMode, r.TLS != nil
	http.SetCookie(w, &c)
}

// change changes a visit that is still known.
func (d *Desk) change(id string, how func(*Visit)) Visit {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.visits[id]
	how(&v)
	if v.ID != "" {
		d.visits[id] = v
	}
	return v
}

// Trust leaves the device's cookie, where a session has just earned it.
func (d *Desk) Trust(w http.ResponseWriter, r *http.Request, s bank.Session) {
	if cookie, err := r.Cookie(device); s.DeviceToken == "" || err == nil && cookie.Value == s.DeviceToken {
		return
	}
	d.bake(w, r, http.Cookie{Name: device, Value: s.DeviceToken, MaxAge: int(deviceAge.Seconds())})
}

// NewToken gives a token for one form, which is good once.
func (d *Desk) NewToken(v Visit) string {
	token := rand.Text()
	d.change(v.ID, func(v *Visit) {
		v.tokens = append(v.tokens, token)
		if len(v.tokens) > maxTokens {
			v.tokens = slices.Clone(v.tokens[1:])
		}
	})
	return token
}

// Spend takes a form's token back, and says whether it was good.
func (d *Desk) Spend(v Visit, token string) (good bool) {
	d.change(v.ID, func(v *Visit) {
		i := slices.Index(v.tokens, token)
		if good = i >= 0; good {
			v.tokens = slices.Delete(slices.Clone(v.tokens), i, i+1)
		}
	})
	return good
}
